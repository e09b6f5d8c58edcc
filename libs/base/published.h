// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <type_traits>

namespace clew::base {

// A number or pointer by which a writer makes what it wrote visible to readers
// without a lock: who gets a value sees all that was written before it was set.
// One thread sets at a time; any number get.
//
// Ordering: Set stores with release and Get loads with acquire, which is that
// promise and no more. Values of two of them have no order between each other
// beyond it. On x86 both are plain moves.
template <typename T>
class Published {
  static_assert(std::is_trivially_copyable_v<T> && std::atomic<T>::is_always_lock_free);

 public:
  Published() = default;
  explicit Published(T value) : value_(value) {}

  void Set(T value) { value_.store(value, std::memory_order_release); }
  T Get() const { return value_.load(std::memory_order_acquire); }

 private:
  std::atomic<T> value_{};
};

}  // namespace clew::base
