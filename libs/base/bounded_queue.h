// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

#include "base/check.h"
#include "base/mutex.h"

namespace clew::base {

// Hands values from threads that must not wait to threads that may: a full queue
// refuses, it never grows. Closed, it takes nothing more and gives out what it
// still holds, so that a consumer's loop ends by itself:
//
//   while (std::optional<Work> work = queue.Pop()) (*work)();
//
// Thread-safe, for any number of producers and consumers.
template <typename T>
class BoundedQueue {
 public:
  // REQUIRES: capacity > 0.
  explicit BoundedQueue(size_t capacity) : capacity_(capacity) { CHECK(capacity > size_t{0}); }
  BoundedQueue(const BoundedQueue&) = delete;
  BoundedQueue& operator=(const BoundedQueue&) = delete;

  // False when the queue is full or closed; the value is then left as it was.
  [[nodiscard]] bool TryPush(T&& value) {
    {
      const MutexLock lock(mutex_);
      if (closed_ || values_.size() >= capacity_) return false;
      values_.push_back(std::move(value));
    }
    filled_.NotifyOne();
    return true;
  }

  // The oldest value, once there is one; none when the queue is closed and empty.
  std::optional<T> Pop() {
    const MutexLock lock(mutex_);
    AwaitValue();
    if (values_.empty()) return std::nullopt;
    std::optional<T> value(std::move(values_.front()));
    values_.pop_front();
    return value;
  }

  // All values, oldest first, once there is one; none when the queue is closed and empty.
  std::deque<T> PopAll() {
    const MutexLock lock(mutex_);
    AwaitValue();
    return std::exchange(values_, {});
  }

  // From now on nothing goes in; those who wait are woken.
  void Close() {
    {
      const MutexLock lock(mutex_);
      closed_ = true;
    }
    filled_.NotifyAll();
  }

  size_t size() const {
    const MutexLock lock(mutex_);
    return values_.size();
  }

 private:
  void AwaitValue() REQUIRES_LOCK(mutex_) {
    while (values_.empty() && !closed_) filled_.Wait(mutex_);
  }

  const size_t capacity_;
  mutable Mutex mutex_;
  CondVar filled_;  // or closed
  std::deque<T> values_ GUARDED_BY(mutex_);
  bool closed_ GUARDED_BY(mutex_) = false;
};

}  // namespace clew::base
