// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ledger/drawn_trace_fixture.h"
#include "model/ids.h"
#include "model/span_sink.h"

namespace clew::query {

// The ids of a drawing's spans. Spans that are drawn with the same id share it, and so do those
// that are drawn twice, letter and all; where none is drawn, a span has one of its own, and its
// parent is the span it is drawn below.
struct GivenIds {
  model::SpanId id, parent;
};
std::vector<GivenIds> IdsOf(const ledger::Drawing& drawing);

// Announces a drawing as a trace whose column 0 is at that time.
void Announce(const ledger::Drawing& drawing, const model::TraceId& trace_id,
              int64_t start_unix_nano, model::SpanSink& sink);

}  // namespace clew::query
