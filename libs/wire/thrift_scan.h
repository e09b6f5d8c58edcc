// SPDX-License-Identifier: Apache-2.0
// Reads Thrift's binary protocol (TBinaryProtocol) in place.
//
// Everything is big-endian. A struct is a sequence of {type, field id, value}, ended by
// type 0; no value but text carries its size in bytes, so an unknown one is skipped by
// walking it. Every size and count is checked against what is left before it is used,
// and Skip() counts nesting. A failure is sticky: after it every read gives zeros, and
// a caller tests failed() once at the end of a struct. Nothing is allocated.
#pragma once

#include <bit>
#include <cstdint>
#include <string_view>

#include "wire/limits.h"
#include "wire/scan_failure.h"

namespace clew::wire {

enum class ThriftType : uint8_t {
  kStop = 0,
  kBool = 2,
  kByte = 3,
  kDouble = 4,
  kI16 = 6,
  kI32 = 8,
  kI64 = 10,
  kString = 11,
  kStruct = 12,
  kMap = 13,
  kSet = 14,
  kList = 15
};

// A field's id and type as one number, to switch on both together.
constexpr uint32_t ThriftField(int16_t id, ThriftType type) {
  return static_cast<uint32_t>(static_cast<uint16_t>(id)) << 8 | static_cast<uint32_t>(type);
}

// A place in a Thrift message. Copying one remembers the place. Borrows the bytes.
class ThriftCursor {
 public:
  explicit ThriftCursor(std::string_view bytes) : bytes_(bytes) {}

  // Moves to the next field of a struct; its value is to be read or skipped. False at
  // the end of the struct and at a failure.
  bool NextField() {
    type_ = static_cast<ThriftType>(ReadBig<uint8_t>());
    if (failed() || type_ == ThriftType::kStop) return false;
    id_ = static_cast<int16_t>(ReadBig<uint16_t>());
    return !failed();
  }
  uint32_t field() const { return ThriftField(id_, type_); }
  void SkipField() { Skip(type_, 0); }

  bool ReadBool() { return ReadBig<uint8_t>() != 0; }
  int16_t ReadI16() { return static_cast<int16_t>(ReadBig<uint16_t>()); }
  int32_t ReadI32() { return static_cast<int32_t>(ReadBig<uint32_t>()); }
  int64_t ReadI64() { return static_cast<int64_t>(ReadBig<uint64_t>()); }
  double ReadDouble() { return std::bit_cast<double>(ReadBig<uint64_t>()); }

  std::string_view ReadString() {
    const int32_t size = ReadI32();
    if (size < 0 || static_cast<size_t>(size) > left()) Fail("length beyond the end");
    if (failed()) return {};
    const std::string_view text = bytes_.substr(position_, static_cast<size_t>(size));
    position_ += text.size();
    return text;
  }

  // The number of structs in the list that begins here; 0 at a failure.
  int32_t ReadStructListHeader() {
    const ThriftType element = static_cast<ThriftType>(ReadBig<uint8_t>());
    const int32_t count = ReadCount(MinSize(element));
    if (count > 0 && element != ThriftType::kStruct) Fail("list of something else than structs");
    return failed() ? 0 : count;
  }

  void Skip(ThriftType type, int nesting);

  bool failed() const { return failure_.reason != nullptr; }
  const ScanFailure& failure() const { return failure_; }
  void Fail(const char* reason) { Fail(ScanFailure{reason, position_}); }
  // Takes over what was wrong at another cursor.
  void Fail(const ScanFailure& failure) {
    if (!failed()) failure_ = failure;
  }

 private:
  size_t left() const { return bytes_.size() - position_; }

  template <typename T>
  T ReadBig() {
    if (failed()) return 0;
    if (left() < sizeof(T)) {
      Fail("message cut off");
      return 0;
    }
    uint64_t value = 0;
    for (size_t i = 0; i < sizeof(T); ++i) {
      value = value << 8 | static_cast<uint8_t>(bytes_[position_ + i]);
    }
    position_ += sizeof(T);
    return static_cast<T>(value);
  }

  // A count of elements that take at least `min_size` bytes each.
  int32_t ReadCount(size_t min_size) {
    const int32_t count = ReadI32();
    if (count < 0 || static_cast<uint64_t>(count) * min_size > left()) {
      Fail("count beyond the end");
      return 0;
    }
    return count;
  }

  static size_t MinSize(ThriftType type);
  void SkipList(int nesting);
  void SkipMap(int nesting);

  std::string_view bytes_;
  size_t position_ = 0;
  ThriftType type_ = ThriftType::kStop;
  int16_t id_ = 0;
  ScanFailure failure_;
};

// A list of structs that is read later, or several times, or is absent: a cursor at
// its header. Borrows the bytes.
class ThriftStructList {
 public:
  ThriftStructList() : start_(std::string_view()) {}
  // Remembers the list that is the field at `cursor`, and moves behind it. It fails
  // the cursor when the elements are not structs.
  explicit ThriftStructList(ThriftCursor& cursor) : start_(cursor) {
    ThriftCursor header = cursor;
    count_ = header.ReadStructListHeader();
    if (header.failed()) cursor.Fail(header.failure());
    cursor.SkipField();
  }

  bool empty() const { return count_ == 0; }

  // Calls `read` with a cursor at each struct, of which it must read all. Stops at a
  // struct that fails the cursor, and returns what was wrong.
  template <typename Read>
  ScanFailure ForEach(Read read) const {
    if (empty()) return {};
    ThriftCursor cursor = start_;
    cursor.ReadStructListHeader();
    for (int32_t i = 0; i < count_ && !cursor.failed(); ++i) read(cursor);
    return cursor.failure();
  }

 private:
  ThriftCursor start_;
  int32_t count_ = 0;
};

}  // namespace clew::wire
