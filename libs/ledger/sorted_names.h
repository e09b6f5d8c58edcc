// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "ledger/names.h"

namespace clew::ledger {

// The codes of names in the order of their texts: what is sorted by these does not depend on the
// order in which the texts were met. Names outlive it, and do not change.
class SortedNames {
 public:
  explicit SortedNames(const Names& names)
      : names_(names), codes_(names.size()), ranks_(names.size()) {
    std::iota(codes_.begin(), codes_.end(), uint32_t{0});
    std::ranges::sort(codes_, {},
                      [&](uint32_t code) -> const std::string& { return names.text(code); });
    for (uint32_t rank = 0; rank < codes_.size(); ++rank) ranks_[codes_[rank]] = rank;
  }

  // REQUIRES: the names gave the code
  uint32_t RankOf(uint32_t code) const { return ranks_[code]; }
  const std::string& text(uint32_t rank) const { return names_.text(codes_[rank]); }

 private:
  const Names& names_;
  std::vector<uint32_t> codes_;  // by rank
  std::vector<uint32_t> ranks_;  // by code
};

}  // namespace clew::ledger
