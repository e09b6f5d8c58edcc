// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/span_sink.h"
#include "query/left_out.h"
#include "store/block.h"
#include "store/sources.h"

namespace clew::query {

// The visible spans of a trace, brought together from wherever they lie. For a
// store::RowReader: what it tells of `rows`, in their order, is the same to the byte
// however the spans were laid out.
struct FoundTrace {
  std::shared_ptr<const store::Memtable> memtable;  // of the rows
  // By (start, span id, contents) within their resource and scope, which stand in the order
  // of their first spans. Empty: there is no such trace.
  std::vector<uint32_t> rows;
  uint32_t folded_count = 0;  // copies that were left out
};

// What becomes of a span that was received several times, equal in all it says and in its
// resource and scope.
enum class Copies : uint8_t { kFold, kKeep };

struct TraceQuestion {
  std::stop_token cancelled{};
  LeftOut* left_out = nullptr;
  Copies copies = Copies::kFold;
};

// Needs no time range. Unless copies are kept, a span that was received several times, equal in all
// it says and in its resource and scope, is found once; spans that only share an id are all found.
// A block that cannot be read is left out and named in `left_out`; without that it is the error.
// kCancelled.
base::Result<FoundTrace> FindTrace(const store::Sources& sources, const model::TraceId& trace_id,
                                   const TraceQuestion& question = {});

// For who knows what it asks of spans: those that FindTrace finds, but of their attributes only
// those of these keys, unless the trace lies in one memtable anyway. Most of the time that a trace
// takes goes into attributes.
base::Result<FoundTrace> FindTraceShape(const store::Sources& sources,
                                        const model::TraceId& trace_id,
                                        std::span<const std::string_view> keys,
                                        const TraceQuestion& question = {});

// Where a trace lies that is in one run of rows of one block and nowhere else; nullopt: it does
// not, or a block cannot be read. Valid as long as the sources.
struct BlockRun {
  const store::Block* block = nullptr;
  store::RowRange rows;
};
std::optional<BlockRun> FindInOneBlock(const store::Sources& sources,
                                       const model::TraceId& trace_id);

// The spans of a trace with one of these ids, which ascend. Without a memtable there is no such
// trace at all.
base::Result<FoundTrace> FindSpans(const store::Sources& sources, const model::TraceId& trace_id,
                                   std::span<const model::SpanId> ids,
                                   const std::stop_token& cancelled = {},
                                   LeftOut* left_out = nullptr);

struct WrittenTrace {
  uint32_t span_count = 0;    // 0: there is no such trace
  uint32_t folded_count = 0;  // copies that were left out
};

// Finds a trace and writes it to `sink` in one go.
base::Result<WrittenTrace> WriteTrace(const store::Sources& sources, const model::TraceId& trace_id,
                                      model::SpanSink& sink, const std::stop_token& cancelled = {},
                                      LeftOut* left_out = nullptr);

}  // namespace clew::query
