// SPDX-License-Identifier: Apache-2.0
// Reads a protobuf message in place.
//
// A message is a sequence of fields, each a tag (field number and wire type in one
// varint) and a value. FieldCursor walks over it: Next() reads a tag *and* its value,
// every length checked against what is left, so a loop that ignores a field has
// skipped it. Number and wire type are one integer, and a reader switches on both
// together: a known number with an unexpected type is an unknown field.
//
//   FieldCursor field(message, origin);
//   while (field.Next()) {
//     switch (field.tag()) {
//       case Tag(1, WireType::kBytes): name = field.bytes(); break;
//       case Tag(2, WireType::kVarint): count = field.integer(); break;
//     }
//   }
//   if (field.failed()) ...
//
// Groups, which no format read here has, are refused. Nothing is allocated.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/bytes.h"
#include "wire/scan_failure.h"

namespace clew::wire {

enum class WireType : uint32_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

constexpr uint32_t Tag(uint32_t number, WireType type) {
  return number << 3 | static_cast<uint32_t>(type);
}

// The fields of one message. Borrows the message, and `origin`, the first byte of
// the whole body, to which positions of failures refer.
class FieldCursor {
 public:
  FieldCursor(std::string_view message, const char* origin)
      : at_(message.data()), end_(message.data() + message.size()), origin_(origin) {}

  // Moves to the next field; false at the end of the message and at a failure.
  [[gnu::always_inline]] bool Next() {
    if (at_ == end_) return false;
    field_start_ = at_;
    // Most fields are texts and messages shorter than 128 bytes, of a number below 16.
    if (!IsShort(static_cast<uint8_t>(*at_))) return ReadField();
    tag_ = static_cast<uint8_t>(*at_);
    bytes_ = std::string_view(at_ + kShortHead, static_cast<uint8_t>(at_[1]));
    at_ += kShortHead + bytes_.size();
    return true;
  }

  // Takes the short fields with the same tag that follow into this one, which then begins
  // where it did and ends where they do. REQUIRES: a length-delimited field.
  void JoinAlike() {
    if (tag_ >= 0x80) return;
    const auto tag = static_cast<uint8_t>(tag_);
    while (at_ != end_ && static_cast<uint8_t>(*at_) == tag && IsShort(tag)) {
      at_ += kShortHead + static_cast<uint8_t>(at_[1]);
    }
  }

  uint32_t tag() const { return tag_; }
  // The number of a varint or fixed field.
  uint64_t integer() const { return integer_; }
  double number() const { return std::bit_cast<double>(integer_); }
  // The contents of a length-delimited field.
  std::string_view bytes() const { return bytes_; }

  const char* field_start() const { return field_start_; }
  const char* field_end() const { return at_; }

  bool failed() const { return failure_.reason != nullptr; }
  const ScanFailure& failure() const { return failure_; }

 private:
  static constexpr size_t kShortHead = 2;  // a tag and a length

  // Whether the field at hand, which begins with `tag`, has that head, and is whole.
  bool IsShort(uint8_t tag) const {
    constexpr uint8_t kLong = 0x80;
    const auto left = static_cast<size_t>(end_ - at_);
    return (tag & (kLong | 7)) == static_cast<uint8_t>(WireType::kBytes) && tag >= 8 &&
           left >= kShortHead && static_cast<uint8_t>(at_[1]) < kLong &&
           left - kShortHead >= static_cast<uint8_t>(at_[1]);
  }

  [[gnu::noinline]] bool ReadField() {
    uint64_t tag = 0;
    if (!ReadVarint(tag)) return false;
    if (tag > UINT32_MAX || tag < 8) return Fail("invalid field number");
    tag_ = static_cast<uint32_t>(tag);
    return ReadValue();
  }

  bool ReadValue() {
    switch (tag_ & 7) {
      case static_cast<uint32_t>(WireType::kVarint):
        return ReadVarint(integer_);
      case static_cast<uint32_t>(WireType::kBytes):
        return ReadBytes();
      case static_cast<uint32_t>(WireType::kFixed64):
        return ReadFixed<uint64_t>();
      case static_cast<uint32_t>(WireType::kFixed32):
        return ReadFixed<uint32_t>();
    }
    return Fail("group or unknown wire type");
  }

  bool ReadVarint(uint64_t& value) {
    if (at_ != end_ && static_cast<uint8_t>(*at_) < 0x80) [[likely]] {
      value = static_cast<uint8_t>(*at_++);
      return true;
    }
    return ReadLongVarint(value);
  }

  // Bits above the 64th are dropped, as every protobuf library does.
  bool ReadLongVarint(uint64_t& value) {
    value = 0;
    for (uint32_t shift = 0; shift < 70; shift += 7) {
      if (at_ == end_) return Fail("number cut off");
      const uint8_t byte = static_cast<uint8_t>(*at_++);
      value |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return true;
    }
    return Fail("number longer than ten bytes");
  }

  bool ReadBytes() {
    uint64_t size = 0;
    if (!ReadVarint(size)) return false;
    if (size > static_cast<uint64_t>(end_ - at_)) return Fail("length beyond the end");
    bytes_ = std::string_view(at_, static_cast<size_t>(size));
    at_ += size;
    return true;
  }

  template <typename T>
  bool ReadFixed() {
    if (static_cast<size_t>(end_ - at_) < sizeof(T)) return Fail("number cut off");
    integer_ = base::LoadLittle<T>(at_);
    at_ += sizeof(T);
    return true;
  }

  bool Fail(const char* reason) {
    failure_ = {reason, static_cast<size_t>(field_start_ - origin_)};
    at_ = end_;
    return false;
  }

  const char* at_;
  const char* const end_;
  const char* const origin_;
  const char* field_start_ = nullptr;
  uint32_t tag_ = 0;
  uint64_t integer_ = 0;
  std::string_view bytes_{};
  ScanFailure failure_;
};

// The smallest part of a message that holds all occurrences of one repeated field.
struct FieldRange {
  const char* start = nullptr;
  const char* end = nullptr;

  void Add(const FieldCursor& field) {
    if (start == nullptr) start = field.field_start();
    end = field.field_end();
  }
  std::string_view bytes() const {
    return start == nullptr ? std::string_view()
                            : std::string_view(start, static_cast<size_t>(end - start));
  }
};

}  // namespace clew::wire
