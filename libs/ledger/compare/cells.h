// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>

#include "ledger/compare/trace_summary.h"

namespace clew::ledger {

// Sums of something over many traces, as it is and as its logarithm: the first says how much, the
// second is not carried away by one trace of a thousand.
struct Moments {
  double sum = 0, square_sum = 0;
  double log_sum = 0, log_square_sum = 0;

  void Add(double value);
  void Merge(const Moments& other);
};
// A time on the scale of Moments' logarithms: 0 of none, and nearly even below 50 us, where nobody
// looks for reasons.
double LogOf(double nanos);

// What is known of the requests of one kind that began in one period. What one of them does not
// have counts as 0.
template <typename Key>
struct Cell {
  uint64_t count = 0;  // of the requests
  std::map<Key, Moments> sums{};

  void Merge(const Cell& other) {
    count += other.count;
    for (const auto& [key, moments] : other.sums) sums[key].Merge(moments);
  }
};

// By kind; and by period.
template <typename Key>
using Kinds = std::map<RequestKind, Cell<Key>>;
template <typename Key>
using Cells = std::map<uint64_t, Kinds<Key>>;

template <typename Key>
uint64_t CountOf(const Kinds<Key>& kinds) {
  uint64_t count = 0;
  for (const auto& [kind, cell] : kinds) count += cell.count;
  return count;
}

// The sums over all periods.
template <typename Key>
Kinds<Key> AllPeriods(const Cells<Key>& cells) {
  Kinds<Key> all;
  for (const auto& [period, kinds] : cells) {
    for (const auto& [kind, cell] : kinds) all[kind].Merge(cell);
  }
  return all;
}

// Makes periods 2^doublings times as long.
template <typename Key>
void Widen(Cells<Key>& cells, uint32_t doublings) {
  Cells<Key> wide;
  for (const auto& [period, kinds] : cells) {
    auto& into = wide[period >> doublings];
    for (const auto& [kind, cell] : kinds) into[kind].Merge(cell);
  }
  cells = std::move(wide);
}

}  // namespace clew::ledger
