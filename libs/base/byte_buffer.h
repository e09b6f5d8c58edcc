// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace clew::base {

// Bytes that grow at the end. Unlike std::string, room that is about to be written is
// not cleared first, and the end is found without a call. Views and pointers hold
// until the next growth past `capacity`. Not thread-safe.
class ByteBuffer {
 public:
  ByteBuffer() = default;
  ByteBuffer(const ByteBuffer& other) { Append(other.view()); }
  ByteBuffer(ByteBuffer&& other) noexcept
      : bytes_(std::move(other.bytes_)),
        size_(std::exchange(other.size_, 0)),
        capacity_(std::exchange(other.capacity_, 0)) {}
  ByteBuffer& operator=(const ByteBuffer& other) {
    if (this == &other) return *this;
    size_ = 0;
    Append(other.view());
    return *this;
  }
  ByteBuffer& operator=(ByteBuffer&& other) noexcept {
    bytes_ = std::move(other.bytes_);
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, 0);
    return *this;
  }

  char* data() { return bytes_.get(); }
  const char* data() const { return bytes_.get(); }
  size_t size() const { return size_; }
  size_t capacity() const { return capacity_; }
  std::string_view view() const { return {bytes_.get(), size_}; }
  void clear() { size_ = 0; }  // keeps the memory

  void Reserve(size_t capacity) {
    if (capacity > capacity_) Grow(capacity);
  }
  // Room for `bytes` more at the end, which the caller writes.
  char* Extend(size_t bytes) {
    if (size_ + bytes > capacity_) [[unlikely]] {
      Grow(std::max(size_ + bytes, 2 * capacity_));
    }
    return bytes_.get() + std::exchange(size_, size_ + bytes);
  }
  // `text` must not lie in this buffer.
  void Append(std::string_view text) {
    if (!text.empty()) std::memcpy(Extend(text.size()), text.data(), text.size());
  }

 private:
  void Grow(size_t capacity) {
    auto larger = std::make_unique_for_overwrite<char[]>(capacity);
    if (size_ > 0) std::memcpy(larger.get(), bytes_.get(), size_);
    bytes_ = std::move(larger);
    capacity_ = capacity;
  }

  std::unique_ptr<char[]> bytes_;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace clew::base
