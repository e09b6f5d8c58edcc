// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "load/trace_generator.h"

namespace clew::load {

// What one column costs at least, averaged over all spans, present or not.
struct ColumnFloor {
  std::string column;
  double bytes_per_span = 0;
  double values_per_span = 0;
  uint64_t distinct = 0;  // values seen; 0 where they were not counted
};

struct EntropyFloor {
  uint64_t spans = 0;  // that it was computed from
  double bytes_per_span = 0;
  std::vector<ColumnFloor> columns;  // the largest first
};

// The least that a store of columns can need for the load: the sum over the columns of
// the entropy of their values, each column by itself.
//
//   ids         8 bytes a span id; 16 (64-bit ids: 8) bytes a trace id, once a trace;
//               nothing for sequential ids
//   times       log2 of how many values the generator could have drawn, at the
//               resolution of the service's clock, given the times of the parent
//   parent      log2 of the visits that an entry span could hang under
//   instance    order-0 entropy over the visits, once a visit
//   presence    order-0 entropy of the set of attribute keys of a span
//   all others  order-0 entropy of the values that are there, from counts; where the
//               generator draws evenly from a large set (hex ids, numbers at the end of
//               a text, amounts), the entropy of that draw instead, because counts of a
//               sample would say too little
//
// Not in it: the texts themselves, each once, which vanish against many spans, and what
// one column tells of another. Computed from the first traces of the load, at most
// `max_traces`; a second for 300,000 spans.
EntropyFloor ComputeEntropyFloor(const TraceGenerator& generator, uint64_t max_traces);

}  // namespace clew::load
