// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "model/ids.h"
#include "query/block_rows.h"
#include "query/row_set.h"
#include "store/block.h"

namespace clew::query {

// The number of a trace, one of a row of it, among the traces of its block; kCorruption when the
// block does not know it.
base::Result<uint64_t> NumberOfTrace(const store::Block& block, const model::TraceId& trace_id);

// The traces of a row group from that of the first of its rows to that of the last, in the order
// of the block. REQUIRES: `rows` not empty
base::Result<std::vector<store::TraceRow>> TracesOf(const store::Block& block, BlockRows& group,
                                                    const RowSet& rows);

// The row of the block that is the first of a row group.
uint64_t FirstRowOf(const store::Block::Spans& spans, size_t group);

}  // namespace clew::query
