// SPDX-License-Identifier: Apache-2.0
#include "net/event_loop.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <utility>

#include "net/async.h"
#include "net/event_loop_internal.h"
#include "net/limits.h"

namespace clew::net {

Deadline::Deadline(EventLoop::Impl& loop) : loop_(loop), position_(loop.deadlines.size()) {
  loop_.deadlines.push_back(this);
}

Deadline::~Deadline() {
  Deadline* const last = loop_.deadlines.back();
  loop_.deadlines[position_] = last;
  last->position_ = position_;
  loop_.deadlines.pop_back();
}

void Deadline::Set(TimePoint when) {
  when_ = when;
  expired_ = false;
  if (when != kNever) loop_.ArmTick();
}

SpawnedTask::promise_type::promise_type(EventLoop::Impl& owner, Task<void>&)
    : loop(owner), position(owner.spawned.size()) {
  loop.spawned.push_back(this);
}

SpawnedTask::promise_type::~promise_type() {
  promise_type* const last = loop.spawned.back();
  loop.spawned[position] = last;
  last->position = position;
  loop.spawned.pop_back();
}

EventLoop::Impl::Impl() = default;

EventLoop::Impl::~Impl() {
  while (!spawned.empty()) {
    std::coroutine_handle<SpawnedTask::promise_type>::from_promise(*spawned.back()).destroy();
  }
}

void EventLoop::Impl::ArmTick() {
  if (tick_armed) return;
  tick_armed = true;
  tick.expires_after(kDeadlineTick);
  tick.async_wait([this](boost::system::error_code error) {
    tick_armed = false;
    if (!error) Tick();
  });
}

void EventLoop::Impl::Tick() {
  const Deadline::TimePoint now = std::chrono::steady_clock::now();
  bool any_left = false;
  // OnExpired may end a deadline, which moves the last one into its place: by index, backwards.
  for (size_t i = deadlines.size(); i-- > 0;) {
    if (i >= deadlines.size()) continue;
    Deadline& deadline = *deadlines[i];
    if (deadline.when_ == Deadline::kNever || deadline.expired_) continue;
    if (deadline.when_ > now) {
      any_left = true;
      continue;
    }
    deadline.expired_ = true;
    deadline.OnExpired();
  }
  if (any_left) ArmTick();
}

EventLoop::EventLoop() : impl_(std::make_unique<Impl>()) {}
EventLoop::~EventLoop() = default;

void EventLoop::Run() {
  const boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard(
      impl_->context.get_executor());
  impl_->context.run();
}

void EventLoop::Stop() {
  impl_->context.stop();
}

void EventLoop::Post(std::function<void()> work) {
  boost::asio::post(impl_->context, std::move(work));
}

namespace {
SpawnedTask RunSpawned(EventLoop::Impl&, Task<void> task) {
  co_await task;
}
}  // namespace

void EventLoop::Spawn(Task<void> task) {
  boost::asio::post(impl_->context, [loop = impl_.get(), owned = std::move(task)]() mutable {
    RunSpawned(*loop, std::move(owned));
  });
}

Task<void> EventLoop::SleepFor(std::chrono::nanoseconds duration) {
  boost::asio::steady_timer timer(impl_->context, duration);
  co_await Async([&](auto handler) { timer.async_wait(std::move(handler)); });
}

}  // namespace clew::net
