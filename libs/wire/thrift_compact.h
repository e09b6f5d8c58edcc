// SPDX-License-Identifier: Apache-2.0
// Thrift's compact protocol (TCompactProtocol).
//
//  number   zigzag, as a varint; a double is 8 bytes, little-endian
//  text     varint size, bytes
//  field    one byte, {id less the id before it: 4 bits, type: 4 bits}; with 0 in the
//           upper half the id follows as a number. A boolean is in the type itself.
//  list     one byte, {size: 4 bits, type: 4 bits}; with 15 in the upper half the size
//           follows as a varint. A boolean element is a byte.
//  map      varint size, and unless it is 0 one byte, {key type, value type}
//  message  0x82, {type: 3 bits, version 1: 5 bits}, varint number of the call, name
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include "wire/thrift_scan.h"

namespace clew::wire {

// A place in a message of the compact protocol. Copying one remembers the place. Borrows
// the bytes.
class ThriftCompactCursor : public ThriftBytes {
 public:
  explicit ThriftCompactCursor(std::string_view bytes) : ThriftBytes(bytes) {}

  ThriftMessage ReadMessageHeader();

  // For ThriftFields: ids are told by how far they are from the one before in the struct.
  int16_t EnterStruct() { return std::exchange(id_, int16_t{0}); }
  void LeaveStruct(int16_t outer) { id_ = outer; }
  bool NextField();

  uint32_t field() const { return ThriftField(id_, type_); }
  void SkipField(int nesting = 0) {
    if (type_ != ThriftType::kBool) SkipThrift(*this, type_, nesting);
  }

  // Of a field, not of an element.
  bool ReadBool() const { return boolean_ && !failed(); }
  int32_t ReadI32() { return static_cast<int32_t>(ReadI64()); }
  int64_t ReadI64() {
    const uint64_t zigzag = ReadVarint();
    return static_cast<int64_t>(zigzag >> 1 ^ (~(zigzag & 1) + 1));
  }
  double ReadDouble();
  std::string_view ReadString() { return Take(ReadVarint(), "length beyond the end"); }

  ThriftListHeader ReadListHeader();
  ThriftMapHeader ReadMapHeader();
  void SkipScalar(ThriftType type);

 private:
  uint64_t ReadVarint();

  ThriftType type_ = ThriftType::kStop;
  int16_t id_ = 0;
  bool boolean_ = false;
};

}  // namespace clew::wire
