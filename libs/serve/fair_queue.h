// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "base/mutex.h"

namespace clew::serve {

// What waits for a thread, up to so much of all tenants together. Tenants have their turns one
// after the other, however much each has waiting; when there is no room, the newest of who has
// most makes way for who has less. Closed, it takes nothing more and gives out what it holds.
// Thread-safe.
class FairQueue {
 public:
  struct Work {
    std::function<void()> run;
    // Called instead, on the thread of whoever came, when it makes way. Without it, it never does.
    std::function<void()> refuse{};
  };

  // REQUIRES: capacity > 0
  explicit FairQueue(size_t capacity);

  // False, and the work left as it was, when there is no room or it is closed.
  [[nodiscard]] bool TryPush(const std::string& tenant, Work&& work);
  // The next, once there is one; none when the queue is closed and empty.
  std::optional<Work> Pop();
  // From now on nothing goes in; those who wait are woken.
  void Close();

 private:
  using Waiting = std::map<std::string, std::deque<Work>>;  // by tenant; none is empty

  // Takes the newest that may be refused of the tenant that has most, if it has two more than `own`
  // at least: with one more both would only change places.
  std::optional<Work> TakeOfTheLongest(size_t own) REQUIRES_LOCK(mutex_);

  const size_t capacity_;
  base::Mutex mutex_;
  base::CondVar filled_;  // or closed
  Waiting waiting_ GUARDED_BY(mutex_);
  std::deque<std::string> turns_ GUARDED_BY(mutex_);  // tenants that have any
  size_t size_ GUARDED_BY(mutex_) = 0;
  bool closed_ GUARDED_BY(mutex_) = false;
};

}  // namespace clew::serve
