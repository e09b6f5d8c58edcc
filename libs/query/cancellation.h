// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <stop_token>
#include <utility>

#include "base/result.h"

namespace clew::query {

// How many rows a scan may read without asking whether anybody still waits for
// its answer: some tens of microseconds.
inline constexpr uint32_t kRowsBetweenLooks = 4096;

// Told of every row that a scan reads; looks at the token only now and then,
// because rows are cheap. Once true it stays true. One thread.
class Cancellation {
 public:
  explicit Cancellation(std::stop_token token)
      : token_(std::move(token)), cancelled_(token_.stop_requested()) {}

  // Counts one row. True when the scan should end; its answer is then of no use.
  bool CancelledAfterRow() {
    if (++rows_ < kRowsBetweenLooks) return cancelled_;
    rows_ = 0;
    return Look();
  }
  bool cancelled() const { return cancelled_; }  // as of the last look
  bool Look() { return cancelled_ = token_.stop_requested(); }

 private:
  std::stop_token token_;
  bool cancelled_;
  uint32_t rows_ = 0;
};

// What a query that was cancelled returns.
inline base::Error QueryCancelled() {
  return {base::ErrorCode::kCancelled, "query was cancelled"};
}

}  // namespace clew::query
