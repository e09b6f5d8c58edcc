// SPDX-License-Identifier: Apache-2.0
#include "query/block_traces.h"

namespace clew::query {
namespace {

base::Result<model::TraceId> IdOf(BlockRows& group, size_t row) {
  const BlockRows::Page page = TRY(group.PageOf(row));
  const store::BlockFile::Cells ids =
      TRY(group.CellsOfPage(store::Intrinsic::kTraceId, page.number));
  return model::TraceId::FromBytes(ids->Bytes(row - page.first_row));
}

}  // namespace

base::Result<uint64_t> NumberOfTrace(const store::Block& block, const model::TraceId& trace_id) {
  const std::vector<uint64_t> traces = TRY(block.FindTraces(trace_id));
  if (!traces.empty()) return traces.front();
  return base::Error{base::ErrorCode::kCorruption, "block " + block.description().id +
                                                       ": trace_ids.idx does not have trace " +
                                                       trace_id.ToHex()};
}

base::Result<std::vector<store::TraceRow>> TracesOf(const store::Block& block, BlockRows& group,
                                                    const RowSet& rows) {
  const model::TraceId first = TRY(IdOf(group, *rows.Next(0, rows.size())));
  const model::TraceId last = TRY(IdOf(group, rows.Last()));
  const uint64_t begin = TRY(NumberOfTrace(block, first));
  const uint64_t end = TRY(NumberOfTrace(block, last)) + 1;
  return block.ReadTraces(begin, end - begin);
}

uint64_t FirstRowOf(const store::Block::Spans& spans, size_t group) {
  uint64_t first = 0;
  for (size_t before = 0; before < group; ++before) first += spans.file().rows_of(before);
  return first;
}

}  // namespace clew::query
