// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

// How long the traces of a set took, and which of them to look at.
namespace clew::ledger {

// Indices of `nanos`. Of equal durations the one in front comes first.
std::vector<size_t> Slowest(std::span<const uint64_t> nanos, size_t count);
// Those nearest to the median.
std::vector<size_t> MostTypical(std::span<const uint64_t> nanos, size_t count);

// How many traces of two sets took how long, in bins that are equally wide on a logarithmic scale.
struct DurationBins {
  static constexpr size_t kBins = 36;

  uint64_t from_ns = 0, to_ns = 0;          // of all bins; 0: there are no traces
  std::vector<uint64_t> set{}, baseline{};  // kBins of each
};
DurationBins BinsOf(std::span<const uint64_t> set, std::span<const uint64_t> baseline);

}  // namespace clew::ledger
