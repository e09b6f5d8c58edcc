// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace clew::query {

// Blocks that could not be read, so that an answer is that of all others. One thread.
class LeftOut {
 public:
  // Notes an error of a block; that of a query that is to end stays one. Without a
  // `left_out` every error stays.
  static base::Status Note(base::Status status, LeftOut* left_out) {
    if (status.ok() || left_out == nullptr) return status;
    if (status.error().code == base::ErrorCode::kCancelled) return status;
    std::vector<std::string>& reasons = left_out->reasons_;
    const std::string& reason = status.error().message;
    if (std::ranges::find(reasons, reason) == reasons.end()) reasons.push_back(reason);
    return {};
  }

  bool empty() const { return reasons_.empty(); }
  // Each names a block and says what is wrong with it.
  const std::vector<std::string>& reasons() const { return reasons_; }

 private:
  std::vector<std::string> reasons_;
};

}  // namespace clew::query
