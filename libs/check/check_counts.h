// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "check/visible_delays.h"

namespace clew::check {

// What can be wrong with a trace, or with the whole run.
enum class Failure : uint8_t {
  kLost,         // acknowledged, and not there
  kDuplicated,   // there more often than it was written
  kWrong,        // there, but not as it was written
  kNotFound,     // read by its id, and in no search
  kMiscounted,   // read by its id, and left out of a count
  kRefused,      // the server does not take what is right
  kUnread,       // an answer that is none
  kUnavailable,  // nobody has answered for too long
};
inline constexpr size_t kFailures = 8;
inline constexpr std::array<std::string_view, kFailures> kFailureNames = {
    "lost", "duplicated", "wrong", "not_found", "miscounted", "refused", "unread", "unavailable"};

// The first problems that are told in words.
inline constexpr size_t kMaxToldProblems = 10;

// How a run has gone so far.
struct CheckCounts {
  uint64_t traces = 0;
  uint64_t written_spans = 0;  // sent at least once
  uint64_t acked_spans = 0;
  uint64_t lost_spans = 0;        // of the acknowledged
  uint64_t duplicated_spans = 0;  // there in excess
  uint64_t wrong_spans = 0;
  uint64_t in_doubt_spans = 0;  // given up before an answer came: they may be there
  uint64_t retries = 0;
  std::array<uint64_t, kFailures> failures{};
  VisibleDelays delays{};
  int64_t last_success_unix_nano = 0;  // of a round without a failure; 0: none
  std::vector<std::string> problems{};

  uint64_t failure_count() const {
    uint64_t sum = 0;
    for (const uint64_t count : failures) sum += count;
    return sum;
  }
  bool ok() const { return failure_count() == 0 && acked_spans > 0; }
};

}  // namespace clew::check
