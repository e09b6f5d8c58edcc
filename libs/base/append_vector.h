// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>

#include "base/check.h"

namespace clew::base {

// A vector that only grows, in chunks of doubling size, so that elements never
// move. One thread appends while others read.
//
// Ordering: an element is written before the size that covers it is stored with
// release; a reader that loads the size with acquire may therefore read every
// element below it. A chunk's pointer is written before any size that needs it,
// so it may be read plainly after such a load.
template <typename T>
class AppendVector {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  AppendVector() = default;
  AppendVector(const AppendVector&) = delete;
  AppendVector& operator=(const AppendVector&) = delete;

  size_t size() const { return size_.load(std::memory_order_acquire); }
  bool empty() const { return size() == 0; }

  // REQUIRES: index < a size that was loaded before.
  const T& operator[](size_t index) const { return *At(index); }
  const T& back() const { return (*this)[size() - 1]; }

  // Writer only, as are all below.
  void push_back(const T& value) {
    const size_t index = size_.load(std::memory_order_relaxed);
    const Place place = PlaceOf(index);
    CHECK(place.chunk < kChunks);
    if (!chunks_[place.chunk]) {
      chunks_[place.chunk] = std::make_unique<T[]>(kFirstChunk << place.chunk);
      // NOLINTNEXTLINE(bugprone-sizeof-expression): pointers are elements like any other
      bytes_ += (kFirstChunk << place.chunk) * sizeof(T);
    }
    chunks_[place.chunk][place.offset] = value;
    size_.store(index + 1, std::memory_order_release);
  }
  size_t size_bytes() const { return bytes_; }

 private:
  static constexpr size_t kFirstChunk = 64;
  static constexpr size_t kChunks = 32;

  struct Place {
    size_t chunk;
    size_t offset;
  };
  // Chunk c begins at kFirstChunk * (2^c - 1).
  static Place PlaceOf(size_t index) {
    const size_t shifted = index + kFirstChunk;
    const auto chunk = static_cast<size_t>(std::bit_width(shifted / kFirstChunk)) - 1;
    return {chunk, shifted - (kFirstChunk << chunk)};
  }
  const T* At(size_t index) const {
    const Place place = PlaceOf(index);
    return &chunks_[place.chunk][place.offset];
  }

  std::array<std::unique_ptr<T[]>, kChunks> chunks_{};
  std::atomic<size_t> size_{0};
  size_t bytes_ = 0;
};

}  // namespace clew::base
