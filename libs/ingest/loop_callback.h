// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <coroutine>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "net/event_loop.h"

namespace clew::ingest {

// Lets a coroutine of a loop wait for a callback that comes on another thread:
//
//   LoopCallback<int> answer(loop);
//   StartSomething(answer.callback());
//   const int value = co_await answer;
//
// A local variable of the waiting coroutine, which resumes on its own loop. When
// that coroutine is destroyed first, the callback finds nobody and does nothing.
// The loop must outlive the callback.
template <typename T>
class LoopCallback {
 public:
  explicit LoopCallback(net::EventLoop& loop) : loop_(&loop) {}
  LoopCallback(const LoopCallback&) = delete;
  LoopCallback& operator=(const LoopCallback&) = delete;
  ~LoopCallback() { state_->waiter = {}; }

  // Calls must come at most once, from any thread.
  std::function<void(T)> callback() {
    return [state = state_, loop = loop_](T value) {
      auto moved = std::make_shared<T>(std::move(value));
      loop->Post([state, moved] { Arrive(*state, std::move(*moved)); });
    };
  }

  bool await_ready() const { return state_->value.has_value(); }
  void await_suspend(std::coroutine_handle<> waiter) { state_->waiter = waiter; }
  T await_resume() { return std::move(*state_->value); }

 private:
  // Touched only on the loop's thread.
  struct State {
    std::optional<T> value;
    std::coroutine_handle<> waiter;
  };

  static void Arrive(State& state, T value) {
    state.value.emplace(std::move(value));
    if (state.waiter) std::exchange(state.waiter, {}).resume();
  }

  net::EventLoop* loop_;
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace clew::ingest
