// SPDX-License-Identifier: Apache-2.0
#include "wire/thrift_scan.h"

namespace clew::wire {

size_t ThriftCursor::MinSize(ThriftType type) {
  switch (type) {
    case ThriftType::kStop:
    case ThriftType::kBool:
    case ThriftType::kByte:
    case ThriftType::kStruct:
      return 1;
    case ThriftType::kI16:
      return 2;
    case ThriftType::kI32:
    case ThriftType::kString:
      return 4;
    case ThriftType::kDouble:
    case ThriftType::kI64:
      return 8;
    case ThriftType::kSet:
    case ThriftType::kList:
      return 5;
    case ThriftType::kMap:
      return 6;
  }
  return 1;
}

void ThriftCursor::Skip(ThriftType type, int nesting) {
  if (nesting > kMaxThriftNesting) Fail("nested too deeply");
  if (failed()) return;
  switch (type) {
    case ThriftType::kBool:
    case ThriftType::kByte:
      ReadBig<uint8_t>();
      return;
    case ThriftType::kI16:
      ReadBig<uint16_t>();
      return;
    case ThriftType::kI32:
      ReadBig<uint32_t>();
      return;
    case ThriftType::kDouble:
    case ThriftType::kI64:
      ReadBig<uint64_t>();
      return;
    case ThriftType::kString:
      ReadString();
      return;
    case ThriftType::kStruct:
      while (NextField()) Skip(type_, nesting + 1);
      return;
    case ThriftType::kSet:
    case ThriftType::kList:
      SkipList(nesting);
      return;
    case ThriftType::kMap:
      SkipMap(nesting);
      return;
    case ThriftType::kStop:
      break;
  }
  Fail("unknown type");
}

void ThriftCursor::SkipList(int nesting) {
  const ThriftType element = static_cast<ThriftType>(ReadBig<uint8_t>());
  const int32_t count = ReadCount(MinSize(element));
  for (int32_t i = 0; i < count && !failed(); ++i) Skip(element, nesting + 1);
}

void ThriftCursor::SkipMap(int nesting) {
  const ThriftType key = static_cast<ThriftType>(ReadBig<uint8_t>());
  const ThriftType value = static_cast<ThriftType>(ReadBig<uint8_t>());
  const int32_t count = ReadCount(MinSize(key) + MinSize(value));
  for (int32_t i = 0; i < count && !failed(); ++i) {
    Skip(key, nesting + 1);
    Skip(value, nesting + 1);
  }
}

}  // namespace clew::wire
