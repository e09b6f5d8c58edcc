// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>
#include <string_view>

#include "wire/thrift_scan.h"

namespace clew::wire {

// A place in a message of Thrift's binary protocol (TBinaryProtocol), where everything is
// big-endian and has a fixed size. Copying one remembers the place. Borrows the bytes.
class ThriftBinaryCursor : public ThriftBytes {
 public:
  explicit ThriftBinaryCursor(std::string_view bytes) : ThriftBytes(bytes) {}

  // Of both kinds: one that begins with a version, and the older one that does not.
  ThriftMessage ReadMessageHeader();

  // For ThriftFields: a field's id stands by itself, so there is nothing to remember.
  static constexpr int16_t EnterStruct() { return 0; }
  static constexpr void LeaveStruct(int16_t) {}
  bool NextField() {
    type_ = static_cast<ThriftType>(ReadBig<uint8_t>());
    if (failed() || type_ == ThriftType::kStop) return false;
    id_ = static_cast<int16_t>(ReadBig<uint16_t>());
    return !failed();
  }

  uint32_t field() const { return ThriftField(id_, type_); }
  void SkipField(int nesting = 0) { SkipThrift(*this, type_, nesting); }

  bool ReadBool() { return ReadBig<uint8_t>() != 0; }
  int16_t ReadI16() { return static_cast<int16_t>(ReadBig<uint16_t>()); }
  int32_t ReadI32() { return static_cast<int32_t>(ReadBig<uint32_t>()); }
  int64_t ReadI64() { return static_cast<int64_t>(ReadBig<uint64_t>()); }
  double ReadDouble() { return std::bit_cast<double>(ReadBig<uint64_t>()); }
  // A negative size, as a large unsigned one, is beyond every end.
  std::string_view ReadString() { return Take(ReadBig<uint32_t>(), "length beyond the end"); }

  ThriftListHeader ReadListHeader() {
    const auto element = static_cast<ThriftType>(ReadBig<uint8_t>());
    return {.element = element, .count = CheckCount(ReadI32(), MinSize(element))};
  }
  ThriftMapHeader ReadMapHeader();
  void SkipScalar(ThriftType type);

 private:
  template <typename T>
  T ReadBig() {
    const std::string_view bytes = Take(sizeof(T), "message cut off");
    if (bytes.empty()) return 0;
    uint64_t value = 0;
    for (size_t i = 0; i < sizeof(T); ++i) value = value << 8 | static_cast<uint8_t>(bytes[i]);
    return static_cast<T>(value);
  }

  static size_t MinSize(ThriftType type);

  ThriftType type_ = ThriftType::kStop;
  int16_t id_ = 0;
};

}  // namespace clew::wire
