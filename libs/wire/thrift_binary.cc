// SPDX-License-Identifier: Apache-2.0
#include "wire/thrift_binary.h"

namespace clew::wire {

ThriftMessage ThriftBinaryCursor::ReadMessageHeader() {
  constexpr uint32_t kVersion = 0x8001;
  ThriftMessage message;
  const uint32_t first = ReadBig<uint32_t>();
  if (first >> 31 == 0) {
    message.method = Take(first, "length beyond the end");
    message.type = static_cast<ThriftMessageType>(ReadBig<uint8_t>());
  } else {
    if (first >> 16 != kVersion) Fail("message of another version");
    message.type = static_cast<ThriftMessageType>(first & 0xff);
    message.method = ReadString();
  }
  ReadI32();  // The number of the call, for an answer.
  return message;
}

size_t ThriftBinaryCursor::MinSize(ThriftType type) {
  switch (type) {
    case ThriftType::kStop:
    case ThriftType::kBool:
    case ThriftType::kByte:
    case ThriftType::kStruct:
    case ThriftType::kUnknown:
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

ThriftMapHeader ThriftBinaryCursor::ReadMapHeader() {
  const auto key = static_cast<ThriftType>(ReadBig<uint8_t>());
  const auto value = static_cast<ThriftType>(ReadBig<uint8_t>());
  return {
      .key = key, .value = value, .count = CheckCount(ReadI32(), MinSize(key) + MinSize(value))};
}

void ThriftBinaryCursor::SkipScalar(ThriftType type) {
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
    case ThriftType::kStop:
    case ThriftType::kStruct:
    case ThriftType::kMap:
    case ThriftType::kSet:
    case ThriftType::kList:
    case ThriftType::kUnknown:
      break;
  }
  Fail("unknown type");
}

}  // namespace clew::wire
