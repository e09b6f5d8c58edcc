// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/exemplar_choice.h"

#include <algorithm>
#include <cmath>

namespace clew::query {
namespace {

std::vector<uint32_t> IntervalsOf(const Series& series, bool zeros) {
  std::vector<uint32_t> intervals;
  for (uint32_t i = 0; i < series.samples.size(); ++i) {
    const double sample = series.samples[i];
    if (!std::isnan(sample) && (zeros || sample != 0)) intervals.push_back(i);
  }
  return intervals;
}

// How many each gives of those it has.
std::vector<size_t> CountsOf(const std::vector<std::vector<uint32_t>>& all, size_t budget) {
  std::vector<size_t> giving;  // by number
  for (size_t i = 0; i < all.size(); ++i) {
    if (!all[i].empty()) giving.push_back(i);
  }
  std::vector<size_t> counts(all.size());
  if (giving.size() > budget) {
    for (size_t i = 0; i < budget; ++i) {
      counts[giving[(2 * i + 1) * giving.size() / (2 * budget)]] = 1;
    }
    return counts;
  }
  for (bool more = true; more && budget > 0;) {
    more = false;
    for (const size_t one : giving) {
      if (budget == 0 || counts[one] == all[one].size()) continue;
      ++counts[one];
      --budget;
      more = true;
    }
  }
  return counts;
}

}  // namespace

std::vector<std::vector<uint32_t>> ChooseExemplars(const std::vector<Series>& series, size_t budget,
                                                   bool zeros) {
  std::vector<std::vector<uint32_t>> all;
  all.reserve(series.size());
  for (const Series& one : series) all.push_back(IntervalsOf(one, zeros));
  const std::vector<size_t> counts = CountsOf(all, budget);
  const size_t places = counts.size() - static_cast<size_t>(std::ranges::count(counts, size_t{0}));
  size_t place = 0;  // among those that give
  for (size_t i = 0; i < all.size(); ++i) {
    std::vector<uint32_t> chosen;
    chosen.reserve(counts[i]);
    for (size_t j = 0; j < counts[i]; ++j) {
      chosen.push_back(
          all[i][(2 * (j * places + place) + 1) * all[i].size() / (2 * places * counts[i])]);
    }
    if (counts[i] > 0) ++place;
    all[i] = std::move(chosen);
  }
  return all;
}

}  // namespace clew::query
