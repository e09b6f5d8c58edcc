// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>

namespace clew::serve {

// So many bytes for all who ask: what one takes is given back when its share is gone.
// Thread-safe; shares may outlive it.
class ByteAllowance {
 public:
  explicit ByteAllowance(size_t bytes) : left_(std::make_shared<std::atomic<size_t>>(bytes)) {}

  using Share = std::shared_ptr<const void>;
  // Null when there is not so much left.
  Share Take(size_t bytes) {
    size_t left = left_->load();
    do {
      if (left < bytes) return nullptr;
    } while (!left_->compare_exchange_weak(left, left - bytes));
    return {left_.get(), [all = left_, bytes](const void*) { *all += bytes; }};
  }

 private:
  std::shared_ptr<std::atomic<size_t>> left_;
};

}  // namespace clew::serve
