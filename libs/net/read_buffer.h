// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "net/limits.h"

namespace clew::net {

// Bytes read from a connection and not yet used. Unlike a string it never
// clears the room that a read will fill. Views of `unread` hold until `Room`.
class ReadBuffer {
 public:
  ReadBuffer() = default;
  explicit ReadBuffer(std::string_view bytes) {
    if (bytes.empty()) return;
    std::memcpy(Room(bytes.size()).data(), bytes.data(), bytes.size());
    Commit(bytes.size());
  }
  ReadBuffer(ReadBuffer&& other) noexcept
      : bytes_(std::move(other.bytes_)),
        capacity_(std::exchange(other.capacity_, 0)),
        begin_(std::exchange(other.begin_, 0)),
        end_(std::exchange(other.end_, 0)) {}
  ReadBuffer& operator=(ReadBuffer&& other) noexcept {
    bytes_ = std::move(other.bytes_);
    capacity_ = std::exchange(other.capacity_, 0);
    begin_ = std::exchange(other.begin_, 0);
    end_ = std::exchange(other.end_, 0);
    return *this;
  }

  std::string_view unread() const { return {bytes_.get() + begin_, end_ - begin_}; }
  void Consume(size_t bytes) { begin_ += bytes; }
  void clear() { begin_ = end_ = 0; }

  // Room behind the unread bytes, all there is and at least `at_least`.
  std::span<char> Room(size_t at_least) {
    const size_t kept = end_ - begin_;
    if (capacity_ - kept < at_least) {
      Grow(kept, at_least);
    } else if (kept == 0 || capacity_ - end_ < at_least) {
      if (kept > 0) std::memmove(bytes_.get(), bytes_.get() + begin_, kept);
      begin_ = 0;
      end_ = kept;
    }
    return {bytes_.get() + end_, capacity_ - end_};
  }
  // The first `bytes` of Room are there now.
  void Commit(size_t bytes) { end_ += bytes; }

 private:
  void Grow(size_t kept, size_t at_least) {
    const size_t capacity = std::max(kReadBufferBytes, kept + std::max(at_least, capacity_));
    auto larger = std::make_unique_for_overwrite<char[]>(capacity);
    if (kept > 0) std::memcpy(larger.get(), bytes_.get() + begin_, kept);
    bytes_ = std::move(larger);
    capacity_ = capacity;
    begin_ = 0;
    end_ = kept;
  }

  std::unique_ptr<char[]> bytes_;
  size_t capacity_ = 0;
  size_t begin_ = 0;
  size_t end_ = 0;
};

}  // namespace clew::net
