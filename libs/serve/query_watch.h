// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

#include "base/mutex.h"
#include "net/exchange.h"
#include "serve/query_limits.h"

namespace clew::serve {

// Whether a query waits for a worker, is run by one or was given up. Thread-safe.
class QueryTurn {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // On the worker: false when it was given up.
  bool Begin();
  // On the loop: false when it has begun.
  bool GiveUp();
  // Since when it runs.
  std::optional<Time> began() const;

 private:
  mutable base::Mutex mutex_;
  bool given_up_ GUARDED_BY(mutex_) = false;
  std::optional<Time> began_ GUARDED_BY(mutex_);
};

// Looks now and then after a query: asks its token to stop when its client has left, because a
// socket tells nobody by itself while nothing is read from it, or when its time is over, and
// gives it up when it has waited too long for its turn. A local variable of the handler's
// coroutine; at its end the token is asked to stop as well. Lives on the loop.
class QueryWatch {
 public:
  // `is_gone` says that nobody waits; `on_given_up` is called on the loop. Both until the watch
  // ends.
  QueryWatch(net::EventLoop& loop, const QueryLimits& limits, std::function<bool()> is_gone,
             std::function<void()> on_given_up);
  ~QueryWatch();
  QueryWatch(const QueryWatch&) = delete;
  QueryWatch& operator=(const QueryWatch&) = delete;

  // May be asked on any thread.
  std::stop_token token() const;
  std::shared_ptr<QueryTurn> turn() const;
  // Its answer is there: what is left of it has all the time it wants.
  void EndTimeLimit();

 private:
  struct State;
  static net::Task<void> Watch(net::EventLoop& loop, std::shared_ptr<State> state);
  static bool HasWaitedTooLong(State& state);
  static bool IsLate(const State& state);

  std::shared_ptr<State> state_;
};

}  // namespace clew::serve
