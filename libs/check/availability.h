// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>

namespace clew::check {

// For how long a server that is asked again and again did not answer. A time without an answer
// begins with the first attempt that failed and ends with the first that did not. One thread.
class Availability {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::steady_clock::duration;

  // An attempt has an answer; one that began then has none.
  void NoteAnswer(TimePoint now);
  void NoteSilence(TimePoint began);

  // How long it has been away by now without a break; 0: it answered last.
  Duration away(TimePoint now) const;
  // All times of that kind together.
  Duration total(TimePoint now) const { return total_ + away(now); }

 private:
  std::optional<TimePoint> silent_since_;
  Duration total_{0};
};

}  // namespace clew::check
