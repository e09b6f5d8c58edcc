// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/system/error_code.hpp>
#include <coroutine>
#include <memory>
#include <utility>
#include <variant>

namespace clew::net {

// Awaits any Asio operation from our coroutines:
//
//   auto [error, bytes] = co_await Async<size_t>(
//       [&](auto handler) { socket.async_read_some(buffer, std::move(handler)); }, keep_alive);
//
// Resumes on the loop's thread with the error as a value. Nothing is allocated
// beyond what Asio recycles. The handler and the awaiting frame point at each
// other and either may go first: a frame destroyed while it waits leaves a
// handler that does nothing. `keep_alive` lives until Asio is done with the
// operation, which is what a TLS stream needs.
template <typename T>
class AsyncCompletion;

template <typename T>
struct AsyncOutcome {
  boost::system::error_code error;
  T value{};
};

template <typename T>
class AsyncState {
 public:
  AsyncState() = default;
  AsyncState(const AsyncState&) = delete;
  AsyncState& operator=(const AsyncState&) = delete;
  ~AsyncState() {
    if (completion_ != nullptr) completion_->state_ = nullptr;
  }

 protected:
  friend class AsyncCompletion<T>;
  AsyncOutcome<T> outcome_;
  std::coroutine_handle<> waiter_;
  AsyncCompletion<T>* completion_ = nullptr;
};

template <typename T>
class AsyncCompletion {
 public:
  AsyncCompletion(AsyncState<T>* state, std::shared_ptr<void> keep_alive)
      : state_(state), keep_alive_(std::move(keep_alive)) {
    state_->completion_ = this;
  }
  AsyncCompletion(AsyncCompletion&& other) noexcept
      : state_(std::exchange(other.state_, nullptr)), keep_alive_(std::move(other.keep_alive_)) {
    if (state_ != nullptr) state_->completion_ = this;
  }
  AsyncCompletion& operator=(AsyncCompletion&&) = delete;
  ~AsyncCompletion() {
    if (state_ != nullptr) state_->completion_ = nullptr;
  }

  template <typename... Values>
  void operator()(boost::system::error_code error, Values&&... values) {
    AsyncState<T>* const state = std::exchange(state_, nullptr);
    if (state == nullptr) return;
    state->completion_ = nullptr;
    state->outcome_.error = error;
    if constexpr (sizeof...(Values) == 1 && !std::is_same_v<T, std::monostate>) {
      state->outcome_.value = T(std::forward<Values>(values)...);
    }
    state->waiter_.resume();
  }

 private:
  friend class AsyncState<T>;
  AsyncState<T>* state_;
  std::shared_ptr<void> keep_alive_;
};

template <typename T, typename Initiate>
class AsyncAwaiter final : public AsyncState<T> {
 public:
  AsyncAwaiter(Initiate initiate, std::shared_ptr<void> keep_alive)
      : initiate_(std::move(initiate)), keep_alive_(std::move(keep_alive)) {}

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiter) {
    this->waiter_ = waiter;
    initiate_(AsyncCompletion<T>(this, std::move(keep_alive_)));
  }
  AsyncOutcome<T> await_resume() { return std::move(this->outcome_); }

 private:
  Initiate initiate_;
  std::shared_ptr<void> keep_alive_;
};

template <typename T = std::monostate, typename Initiate>
AsyncAwaiter<T, Initiate> Async(Initiate initiate, std::shared_ptr<void> keep_alive = nullptr) {
  return AsyncAwaiter<T, Initiate>(std::move(initiate), std::move(keep_alive));
}

}  // namespace clew::net
