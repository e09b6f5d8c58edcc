// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "model/span_sink.h"
#include "store/block.h"

namespace clew::store {

// Reads rows of spans.parquet back into what was received, page by page. Memory: one
// page of every column, and the span ids of the trace in hand.
// `keys` are the attributes to read, or nullptr for all of them; of others some may be told.
// REQUIRES: `rows` begins where a trace begins.
base::Status ReadBlockSpans(const Block::Spans& spans, RowRange rows, const AttributeNames* keys,
                            model::SpanSink& sink);

}  // namespace clew::store
