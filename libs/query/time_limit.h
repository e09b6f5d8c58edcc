// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <stop_token>
#include <thread>

namespace clew::query {

// Stops part of a query after some time, and with the whole of it: for what is good to have but
// not worth to wait for. A thread of its own keeps the time.
class TimeLimit {
 public:
  TimeLimit(std::chrono::nanoseconds time, const std::stop_token& outer);
  ~TimeLimit();
  TimeLimit(const TimeLimit&) = delete;
  TimeLimit& operator=(const TimeLimit&) = delete;

  std::stop_token token() const { return source_.get_token(); }

 private:
  struct Stop {
    std::stop_source source;
    void operator()() { source.request_stop(); }
  };

  std::stop_source source_;
  std::stop_callback<Stop> with_outer_;
  std::jthread timer_;
};

}  // namespace clew::query
