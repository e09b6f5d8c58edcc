// SPDX-License-Identifier: Apache-2.0
// What Thrift's two protocols have in common for a reader in place.
//
// In both a struct is a sequence of {type, field id, value} with an end mark, and no value
// but text carries its size in bytes, so an unknown one is skipped by walking it. A cursor
// (thrift_binary.h, thrift_compact.h) reads one protocol's encoding of the parts; what is
// made of them is written once, as templates over the cursor. Every size and count is
// checked against what is left before it is used, and skipping counts nesting. A failure is
// sticky: after it every read gives zeros, and a caller tests failed() once at the end of a
// struct. Nothing is allocated.
#pragma once

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
  kList = 15,
  kUnknown = 0xff
};

// A field's id and type as one number, to switch on both together.
constexpr uint32_t ThriftField(int16_t id, ThriftType type) {
  return static_cast<uint32_t>(static_cast<uint16_t>(id)) << 8 | static_cast<uint32_t>(type);
}

// What a message is: a call of a method or the answer to one. Its arguments, or its
// results, follow as one struct.
enum class ThriftMessageType : uint8_t { kCall = 1, kReply = 2, kException = 3, kOneway = 4 };
struct ThriftMessage {
  std::string_view method{};
  ThriftMessageType type{};
};

struct ThriftListHeader {
  ThriftType element = ThriftType::kStop;
  int32_t count = 0;
};
struct ThriftMapHeader {
  ThriftType key = ThriftType::kStop;
  ThriftType value = ThriftType::kStop;
  int32_t count = 0;
};

// The bytes of a message, how many of them were read, and what was wrong with them: the
// part of a cursor that knows no protocol. Borrows the bytes.
class ThriftBytes {
 public:
  bool failed() const { return failure_.reason != nullptr; }
  const ScanFailure& failure() const { return failure_; }
  void Fail(const char* reason) { Fail(ScanFailure{reason, position_}); }
  // Takes over what was wrong at another cursor.
  void Fail(const ScanFailure& failure) {
    if (!failed()) failure_ = failure;
  }

 protected:
  explicit ThriftBytes(std::string_view bytes) : bytes_(bytes) {}

  size_t left() const { return bytes_.size() - position_; }

  // The next `size` bytes; empty at a failure.
  std::string_view Take(uint64_t size, const char* reason_when_short) {
    if (size > left()) Fail(reason_when_short);
    if (failed()) return {};
    const std::string_view taken = bytes_.substr(position_, static_cast<size_t>(size));
    position_ += taken.size();
    return taken;
  }
  uint8_t TakeByte() {
    const std::string_view byte = Take(1, "message cut off");
    return byte.empty() ? uint8_t{0} : static_cast<uint8_t>(byte.front());
  }
  // `count`, or 0 when so many elements of at least `min_size` bytes cannot be left.
  int32_t CheckCount(int64_t count, size_t min_size) {
    if (count < 0 || count > INT32_MAX || static_cast<uint64_t>(count) * min_size > left()) {
      Fail("count beyond the end");
    }
    return failed() ? 0 : static_cast<int32_t>(count);
  }

 private:
  std::string_view bytes_;
  size_t position_ = 0;
  ScanFailure failure_;
};

// The fields of the struct that begins at `cursor`, which stands behind it afterwards:
//
//   ThriftFields fields(cursor);
//   while (fields.Next()) {
//     switch (cursor.field()) {
//       case ThriftField(1, ThriftType::kString): name = cursor.ReadString(); break;
//       default: cursor.SkipField();
//     }
//   }
template <typename Cursor>
class ThriftFields {
 public:
  explicit ThriftFields(Cursor& cursor) : cursor_(cursor), outer_(cursor.EnterStruct()) {}
  ~ThriftFields() { cursor_.LeaveStruct(outer_); }
  ThriftFields(const ThriftFields&) = delete;
  ThriftFields& operator=(const ThriftFields&) = delete;

  // Moves to the next field, whose value is to be read or skipped. False at the end of
  // the struct and at a failure.
  bool Next() { return cursor_.NextField(); }

 private:
  Cursor& cursor_;
  const int16_t outer_;
};

// Skips a value of that type that is no field, so an element.
template <typename Cursor>
void SkipThrift(Cursor& cursor, ThriftType type, int nesting) {
  if (nesting > kMaxThriftNesting) cursor.Fail("nested too deeply");
  if (cursor.failed()) return;
  if (type == ThriftType::kStruct) {
    ThriftFields fields(cursor);
    while (fields.Next()) cursor.SkipField(nesting + 1);
  } else if (type == ThriftType::kList || type == ThriftType::kSet) {
    const ThriftListHeader list = cursor.ReadListHeader();
    for (int32_t i = 0; i < list.count && !cursor.failed(); ++i) {
      SkipThrift(cursor, list.element, nesting + 1);
    }
  } else if (type == ThriftType::kMap) {
    const ThriftMapHeader map = cursor.ReadMapHeader();
    for (int32_t i = 0; i < map.count && !cursor.failed(); ++i) {
      SkipThrift(cursor, map.key, nesting + 1);
      SkipThrift(cursor, map.value, nesting + 1);
    }
  } else {
    cursor.SkipScalar(type);
  }
}

// A list of structs that is read later, or several times, or is absent: a cursor at
// its header. Borrows the bytes.
template <typename Cursor>
class ThriftStructList {
 public:
  ThriftStructList() : start_(std::string_view()) {}
  // Remembers the list that is the field at `cursor`, and moves behind it. It fails
  // the cursor when the elements are not structs.
  explicit ThriftStructList(Cursor& cursor) : start_(cursor) {
    Cursor header = cursor;
    const ThriftListHeader list = header.ReadListHeader();
    if (list.count > 0 && list.element != ThriftType::kStruct) {
      header.Fail("list of something else than structs");
    }
    if (header.failed()) cursor.Fail(header.failure());
    if (!header.failed()) count_ = list.count;
    cursor.SkipField();
  }

  bool empty() const { return count_ == 0; }

  // Calls `read` with a cursor at each struct, of which it must read all. Stops at a
  // struct that fails the cursor, and returns what was wrong.
  template <typename Read>
  ScanFailure ForEach(Read read) const {
    if (empty()) return {};
    Cursor cursor = start_;
    cursor.ReadListHeader();
    for (int32_t i = 0; i < count_ && !cursor.failed(); ++i) read(cursor);
    return cursor.failure();
  }

 private:
  Cursor start_;
  int32_t count_ = 0;
};

}  // namespace clew::wire
