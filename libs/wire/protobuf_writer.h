// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "wire/protobuf_scan.h"

namespace clew::wire {

// Appends protobuf fields to a string. A message inside a message is opened and
// closed; its length is filled in when it closes, so nothing is built twice.
class ProtobufWriter {
 public:
  void Varint(uint32_t field, uint64_t value) {
    char* const at = Room(2 * kMaxVarintBytes);
    Advance(PutVarint(PutVarint(at, Tag(field, WireType::kVarint)), value));
  }
  void Fixed64(uint32_t field, uint64_t value) { Fixed(Tag(field, WireType::kFixed64), value); }
  void Fixed32(uint32_t field, uint32_t value) { Fixed(Tag(field, WireType::kFixed32), value); }
  void Bytes(uint32_t field, std::string_view value) {
    char* at = Room(2 * kMaxVarintBytes + value.size());
    at = PutVarint(PutVarint(at, Tag(field, WireType::kBytes)), value.size());
    Advance(std::ranges::copy(value, at).out);
  }
  // As proto3 writes them: a zero or empty value is left out.
  void VarintUnlessZero(uint32_t field, uint64_t value) {
    if (value != 0) Varint(field, value);
  }
  void BytesUnlessEmpty(uint32_t field, std::string_view value) {
    if (!value.empty()) Bytes(field, value);
  }

  // Begins a message; the result is what Close needs. One byte is set aside for
  // the length, more are made room for when it closes: most messages are short.
  size_t Open(uint32_t field) {
    char* const at = Room(kMaxVarintBytes + 1);
    Advance(PutVarint(at, Tag(field, WireType::kBytes)) + 1);
    return used_;
  }
  void Close(size_t opened) {
    const size_t size = used_ - opened;
    if (size < 0x80) {
      out_[opened - 1] = static_cast<char>(size);
      return;
    }
    char length[kMaxVarintBytes];
    const auto more = static_cast<size_t>(PutVarint(length, size) - length) - 1;
    Room(more);
    char* const begin = out_.data() + opened;
    std::memmove(begin + more, begin, size);
    std::memcpy(begin - 1, length, more + 1);
    used_ += more;
  }

  // Begins a message of a known length, which needs no Close.
  void Begin(uint32_t field, uint64_t size_bytes) {
    char* const at = Room(2 * kMaxVarintBytes);
    Advance(PutVarint(PutVarint(at, Tag(field, WireType::kBytes)), size_bytes));
  }

  std::string_view bytes() const { return {out_.data(), used_}; }
  // What was written since the last call; more may follow.
  std::string Take() {
    out_.resize(std::exchange(used_, 0));
    return std::exchange(out_, {});
  }
  void Clear() { used_ = 0; }

 private:
  static constexpr size_t kMaxVarintBytes = 10;

  // Where the next bytes go, of which there may be so many.
  char* Room(size_t bytes) {
    if (out_.size() - used_ < bytes) out_.resize(std::max(2 * out_.size(), used_ + bytes));
    return out_.data() + used_;
  }
  void Advance(const char* end) { used_ = static_cast<size_t>(end - out_.data()); }
  static char* PutVarint(char* at, uint64_t value) {
    for (; value > 0x7f; value >>= 7) *at++ = static_cast<char>(value | 0x80);
    *at++ = static_cast<char>(value);
    return at;
  }
  template <typename Number>
  void Fixed(uint32_t tag, Number value) {
    char* const at = PutVarint(Room(kMaxVarintBytes + sizeof value), tag);
    std::memcpy(at, &value, sizeof value);
    Advance(at + sizeof value);
  }

  std::string out_;  // its first used_ bytes
  size_t used_ = 0;
};

}  // namespace clew::wire
