// SPDX-License-Identifier: Apache-2.0
#include "query/trace_lookup.h"

#include <algorithm>
#include <tuple>

namespace clew::query {

bool WriteTrace(const store::Memtable& memtable, const model::TraceId& trace_id,
                model::SpanSink& sink) {
  std::vector<uint32_t> rows = memtable.RowsOf(trace_id);
  std::ranges::sort(rows, {}, [&](uint32_t index) {
    const store::SpanRow& row = memtable.row(index);
    return std::tuple(row.start_unix_nano, row.span_id, index);
  });
  memtable.ReadSpans(rows, sink);
  return !rows.empty();
}

}  // namespace clew::query
