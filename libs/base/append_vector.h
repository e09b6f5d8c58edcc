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
#include "base/page_memory.h"

namespace clew::base {

// A vector that only grows, in chunks of doubling size, so that elements never
// move. Big chunks take memory as they are filled. One thread appends while others read.
// Many stay small, so an empty one is 64 bytes, and the places of later chunks are only
// there once one of those is.
//
// Ordering: an element is written before the size that covers it is stored with
// release; a reader that loads the size with acquire may therefore read every
// element below it. A chunk's pointer is written before any size that needs it,
// so it may be read plainly after such a load; so may the pointer to the later ones.
template <typename T>
class AppendVector {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  AppendVector() = default;
  AppendVector(const AppendVector&) = delete;
  AppendVector& operator=(const AppendVector&) = delete;
  ~AppendVector() {
    const size_t count = size_.load(std::memory_order_relaxed);
    const size_t chunks = count == 0 ? 0 : PlaceOf(count - 1).chunk + 1;
    for (size_t i = 0; i < chunks; ++i) FreePages(static_cast<void*>(ChunkAt(i)), ChunkBytes(i));
  }

  size_t size() const { return size_.load(std::memory_order_acquire); }
  bool empty() const { return size() == 0; }

  // REQUIRES: index < a size that was loaded before.
  const T& operator[](size_t index) const { return *At(index); }
  const T& back() const { return (*this)[size() - 1]; }

  // Writer only, as are all below.
  void push_back(const T& value) {
    if (next_ == end_) AddChunk();
    *next_++ = value;
    size_.store(size_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }

  // The last element, to change where it stands. What readers may look at meanwhile must
  // be read and written through std::atomic_ref. REQUIRES: not empty.
  T& WritableBack() { return *(next_ - 1); }

  // The memory that was touched.
  size_t size_bytes() const {
    const size_t count = size_.load(std::memory_order_relaxed);
    if (count == 0) return 0;
    const Place last = PlaceOf(count - 1);
    const size_t before = ((kFirstChunk << last.chunk) - kFirstChunk) * kElementBytes +
                          (last.chunk < kFewChunks ? 0 : sizeof(LaterChunks));
    return before + TouchedPages(ChunkBytes(last.chunk), (last.offset + 1) * kElementBytes);
  }

 private:
  // NOLINTNEXTLINE(bugprone-sizeof-expression): pointers are elements like any other
  static constexpr size_t kElementBytes = sizeof(T);
  static constexpr size_t kFirstChunk = 4;
  static constexpr size_t kFewChunks = 4;
  static constexpr size_t kChunks = 30;

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
  static size_t ChunkBytes(size_t chunk) { return (kFirstChunk << chunk) * kElementBytes; }
  const T* At(size_t index) const {
    const Place place = PlaceOf(index);
    return &ChunkAt(place.chunk)[place.offset];
  }
  T* ChunkAt(size_t chunk) const {
    return chunk < kFewChunks ? few_[chunk] : (*later_)[chunk - kFewChunks];
  }
  void AddChunk() {
    const size_t chunk = PlaceOf(size_.load(std::memory_order_relaxed)).chunk;
    CHECK(chunk < kChunks);
    next_ = static_cast<T*>(AllocatePages(ChunkBytes(chunk)));
    end_ = next_ + (kFirstChunk << chunk);
    if (chunk < kFewChunks) {
      few_[chunk] = next_;
      return;
    }
    if (later_ == nullptr) later_ = std::make_unique<LaterChunks>();
    (*later_)[chunk - kFewChunks] = next_;
  }

  using LaterChunks = std::array<T*, kChunks - kFewChunks>;
  std::array<T*, kFewChunks> few_{};  // the first chunks
  std::unique_ptr<LaterChunks> later_;
  std::atomic<size_t> size_{0};
  T* next_ = nullptr;  // the writer's place in the last chunk, and the chunk's end
  T* end_ = nullptr;
};

}  // namespace clew::base
