// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

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

// Calls `visit` for the pages that hold rows of a range, in their order: row group, page in it, and
// which of the page's rows, counted from its first. Its first error ends it.
using VisitPage = std::function<base::Status(size_t row_group, size_t page, parquet::Part rows)>;
base::Status ForEachPage(const Block::Spans& spans, RowRange rows, const VisitPage& visit);

}  // namespace clew::store
