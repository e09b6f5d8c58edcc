// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <coroutine>
#include <vector>

#include "net/event_loop.h"
#include "net/poller.h"

namespace clew::net {

// A moment after which something is given up. Coarse: noticed within
// kDeadlineTick, and so cheap that every connection has one. Used on its loop's
// thread only; the loop outlives it.
class Deadline {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  static constexpr TimePoint kNever = TimePoint::max();

  explicit Deadline(EventLoop::Impl& loop);
  virtual ~Deadline();
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  // Also forgets that an earlier moment has passed.
  void Set(TimePoint when);
  bool expired() const { return expired_; }
  TimePoint when() const { return when_; }

 private:
  friend struct EventLoop::Impl;
  virtual void OnExpired() = 0;

  EventLoop::Impl& loop_;
  TimePoint when_ = kNever;
  size_t position_;  // in the loop's list
  bool expired_ = false;
};

// A spawned task: a frame that ends by destroying itself, on a list of the loop
// so that an unfinished one is destroyed with it.
struct SpawnedTask {
  struct promise_type {  // NOLINT(readability-identifier-naming): named by the language
    promise_type(EventLoop::Impl& loop, Task<void>& task);
    ~promise_type();
    promise_type(const promise_type&) = delete;
    promise_type& operator=(const promise_type&) = delete;

    SpawnedTask get_return_object() const { return {}; }
    std::suspend_never initial_suspend() const noexcept { return {}; }
    std::suspend_never final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    [[noreturn]] void unhandled_exception() const noexcept { std::terminate(); }

    EventLoop::Impl& loop;
    size_t position;
  };
};

struct EventLoop::Impl {
  Impl();
  ~Impl();
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void ArmTick();
  void Tick();

  // Declared before the context: what the context still holds may unlist itself.
  std::vector<Deadline*> deadlines;
  std::vector<SpawnedTask::promise_type*> spawned;
  boost::asio::io_context context{1};
  Poller poller{context};
  boost::asio::steady_timer tick{context};
  bool tick_armed = false;
};

}  // namespace clew::net
