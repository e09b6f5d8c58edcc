// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "ledger/names.h"
#include "model/span_sink.h"

namespace clew::ledger {

constexpr uint32_t kNone = UINT32_MAX;

// What the ledger asks of a span. Texts are codes of some Names.
struct Span {
  // Nanoseconds since a moment the whole trace has in common. A span that ends before it
  // starts counts as one without length.
  uint64_t start_ns = 0, end_ns = 0;
  // The parent's index in the trace; kNone: it has none, or it was not received. Any other
  // number is allowed: circles are cut, a span is not its own parent.
  uint32_t parent = kNone;
  // Of a span whose parent was not received: a number that spans with the same missing parent
  // share, and no others. kNone: it names no parent.
  uint32_t missing_parent = kNone;
  uint32_t service = Names::kEmpty;
  uint32_t operation = Names::kEmpty;
  uint32_t peer = Names::kEmpty;            // what it calls, by its own word: "ledger-db"
  uint32_t status_message = Names::kEmpty;  // of an error
  uint32_t group = Names::kEmpty;           // the value of the attribute to group by
  model::SpanKind kind = model::SpanKind::kUnspecified;
  bool error = false;
  bool follows = false;  // FOLLOWS_FROM: its parent did not wait for it
};

// A trace. Of spans that are equal in all a rule asks, the one in front comes first, so the order
// of the input must not depend on the order of arrival.
// REQUIRES: fewer than kNone / 2 spans
struct Trace {
  std::vector<Span> spans;
};

}  // namespace clew::ledger
