// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <coroutine>
#include <functional>
#include <memory>

#include "net/task.h"

namespace clew::net {

// One thread's worth of sockets and timers. Coroutines spawned on a loop run on
// the thread that calls Run, and only there; Post, Stop and nothing else may be
// called from other threads.
class EventLoop {
 public:
  EventLoop();
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  // Runs until Stop. Whatever is still suspended then is destroyed with the loop.
  void Run();
  void Stop();

  void Post(std::function<void()> work);
  // Starts `task` on the loop; it owns itself from then on. Safe from any thread.
  void Spawn(Task<void> task);

  // Awaitable: resumes on this loop after `duration`.
  Task<void> SleepFor(std::chrono::nanoseconds duration);

  // What the implementation stands on (an asio::io_context); only libs/net includes its header.
  struct Impl;
  Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace clew::net
