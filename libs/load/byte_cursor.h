// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace clew::load {

// Texts that CopyPrepared reads are followed by this many readable bytes, and so is
// what it writes to by writable ones.
inline constexpr size_t kCopySlack = 32;

// Writes protobuf where the caller has made room. Not checked: what is written is our
// own and of known size.
class ByteCursor {
 public:
  explicit ByteCursor(char* at) : at_(at) {}

  char* at() const { return at_; }
  void Byte(unsigned value) { *at_++ = static_cast<char>(value); }
  void Varint(uint64_t value) {
    for (; value > 0x7f; value >>= 7) Byte(static_cast<unsigned>(value & 0x7f) | 0x80);
    Byte(static_cast<unsigned>(value));
  }
  template <typename Number>
  void Fixed(Number value) {
    std::memcpy(at_, &value, sizeof value);
    at_ += sizeof value;
  }
  void Bytes(std::string_view text) {
    std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
  }
  // The same for short texts with slack behind them, in whole registers.
  void CopyPrepared(const char* from, size_t size) {
    for (size_t i = 0; i < size; i += kCopySlack) std::memcpy(at_ + i, from + i, kCopySlack);
    at_ += size;
  }

 private:
  char* at_;
};

constexpr size_t VarintSize(uint64_t value) {
  size_t size = 1;
  for (; value > 0x7f; value >>= 7) ++size;
  return size;
}

}  // namespace clew::load
