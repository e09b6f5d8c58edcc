// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
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
    PutVarint(Tag(field, WireType::kVarint));
    PutVarint(value);
  }
  void Fixed64(uint32_t field, uint64_t value) {
    PutVarint(Tag(field, WireType::kFixed64));
    out_.append(reinterpret_cast<const char*>(&value), 8);
  }
  void Fixed32(uint32_t field, uint32_t value) {
    PutVarint(Tag(field, WireType::kFixed32));
    out_.append(reinterpret_cast<const char*>(&value), 4);
  }
  void Bytes(uint32_t field, std::string_view value) {
    PutVarint(Tag(field, WireType::kBytes));
    PutVarint(value.size());
    out_.append(value);
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
    PutVarint(Tag(field, WireType::kBytes));
    out_.push_back('\0');
    return out_.size();
  }
  void Close(size_t opened) {
    const size_t size = out_.size() - opened;
    if (size < 0x80) {
      out_[opened - 1] = static_cast<char>(size);
      return;
    }
    char length[10];
    size_t count = 0;
    for (size_t rest = size; rest != 0; rest >>= 7) {
      length[count++] = static_cast<char>((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    }
    out_.replace(opened - 1, 1, length, count);
  }

  // Begins a message of a known length, which needs no Close.
  void Begin(uint32_t field, uint64_t size_bytes) {
    PutVarint(Tag(field, WireType::kBytes));
    PutVarint(size_bytes);
  }

  const std::string& bytes() const { return out_; }
  // What was written since the last call; more may follow.
  std::string Take() { return std::exchange(out_, {}); }
  void Clear() { out_.clear(); }

 private:
  void PutVarint(uint64_t value) {
    while (value > 0x7f) {
      out_.push_back(static_cast<char>(value | 0x80));
      value >>= 7;
    }
    out_.push_back(static_cast<char>(value));
  }

  std::string out_;
};

}  // namespace clew::wire
