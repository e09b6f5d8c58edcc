// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <vector>

#include "ledger/compare/probability.h"
#include "ledger/names.h"
#include "ledger/trace.h"

// Which attributes go with being slow.
namespace clew::ledger {

// As codes of Names. kNone as a value: traces without the attribute.
struct Attribute {
  uint32_t key = Names::kEmpty;
  uint32_t value = kNone;
  auto operator<=>(const Attribute&) const = default;
};

// A trace with what its spans have.
struct TraceAttributes {
  uint64_t nanos = 0;
  std::vector<Attribute> attributes{};  // in any order, repeated or not
};

// A value that is more frequent in the set than in the rest.
struct Association {
  Attribute attribute{};
  Proportion set{}, rest{};  // the traces with it
  RiskRatio risk{};
  double q = 1;
  // Of all the time that the set takes over the rest's mean, the share that traces with this value
  // take over what such traces take in the rest; over its mean where fewer than five have it. More
  // than 1 where other traces of the set make up for it.
  double explained = 0;
  std::vector<Attribute> copies{};  // those that are on the same traces
};

struct AttributeComparison {
  std::vector<Association> associations;  // by what they explain, most first
  // Keys that were left out: those that name each trace, and those that follow from its duration,
  // which say again that it was slow. Ascending.
  std::vector<uint32_t> identifiers, restatements;
};

// Of what is on one trace in twenty of the set at least, the values whose risk ratio is over 1.5
// even at its lower bound, and that are no chance at a false discovery rate of 5 %; so of noise
// there is mostly none. `excluded`: keys the set was selected by. Looks at all traces at once.
AttributeComparison CompareAttributes(std::span<const TraceAttributes> set,
                                      std::span<const TraceAttributes> rest,
                                      std::span<const uint32_t> excluded = {});

}  // namespace clew::ledger
