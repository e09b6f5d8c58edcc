// SPDX-License-Identifier: Apache-2.0
#include "wire/thrift_compact.h"

#include <array>
#include <bit>

#include "base/bytes.h"

namespace clew::wire {
namespace {

constexpr uint8_t kTrue = 1;

// What the protocol's own numbers of types mean; both 1 and 2 are a boolean.
ThriftType TypeOf(uint8_t number) {
  static constexpr std::array<ThriftType, 13> kTypes = {
      ThriftType::kStop,   ThriftType::kBool, ThriftType::kBool, ThriftType::kByte,
      ThriftType::kI16,    ThriftType::kI32,  ThriftType::kI64,  ThriftType::kDouble,
      ThriftType::kString, ThriftType::kList, ThriftType::kSet,  ThriftType::kMap,
      ThriftType::kStruct,
  };
  return number < kTypes.size() ? kTypes[number] : ThriftType::kUnknown;
}

constexpr size_t MinSize(ThriftType type) {
  return type == ThriftType::kDouble ? 8 : 1;
}

}  // namespace

ThriftMessage ThriftCompactCursor::ReadMessageHeader() {
  constexpr uint8_t kProtocol = 0x82;
  constexpr uint8_t kVersion = 1;
  if (TakeByte() != kProtocol) Fail("message of another protocol");
  const uint8_t type_and_version = TakeByte();
  if ((type_and_version & 0x1f) != kVersion) Fail("message of another version");
  ReadVarint();  // The number of the call, for an answer.
  return {.method = ReadString(), .type = static_cast<ThriftMessageType>(type_and_version >> 5)};
}

bool ThriftCompactCursor::NextField() {
  const uint8_t head = TakeByte();
  type_ = TypeOf(head & 0x0f);
  if (failed() || type_ == ThriftType::kStop) return false;
  const int delta = head >> 4;
  id_ = static_cast<int16_t>(delta == 0 ? ReadI64() : id_ + delta);
  boolean_ = (head & 0x0f) == kTrue;
  return !failed();
}

double ThriftCompactCursor::ReadDouble() {
  const std::string_view bytes = Take(sizeof(double), "message cut off");
  return bytes.empty() ? 0 : std::bit_cast<double>(base::LoadLittle<uint64_t>(bytes.data()));
}

// Bits above the 64th are dropped, as Thrift's own library does.
uint64_t ThriftCompactCursor::ReadVarint() {
  uint64_t value = 0;
  for (uint32_t shift = 0; shift < 70; shift += 7) {
    const uint8_t byte = TakeByte();
    if (failed()) return 0;
    value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  Fail("number longer than ten bytes");
  return 0;
}

ThriftListHeader ThriftCompactCursor::ReadListHeader() {
  constexpr int kCountFollows = 15;
  const uint8_t head = TakeByte();
  const ThriftType element = TypeOf(head & 0x0f);
  const int short_count = head >> 4;
  // A count too large for a positive number is turned down as a negative one.
  const int64_t count =
      short_count == kCountFollows ? static_cast<int64_t>(ReadVarint()) : short_count;
  return {.element = element, .count = CheckCount(count, MinSize(element))};
}

ThriftMapHeader ThriftCompactCursor::ReadMapHeader() {
  const auto count = static_cast<int64_t>(ReadVarint());
  if (count == 0) return {};
  const uint8_t types = TakeByte();
  const ThriftType key = TypeOf(types >> 4);
  const ThriftType value = TypeOf(types & 0x0f);
  return {.key = key, .value = value, .count = CheckCount(count, MinSize(key) + MinSize(value))};
}

void ThriftCompactCursor::SkipScalar(ThriftType type) {
  switch (type) {
    case ThriftType::kBool:
    case ThriftType::kByte:
      TakeByte();
      return;
    case ThriftType::kI16:
    case ThriftType::kI32:
    case ThriftType::kI64:
      ReadVarint();
      return;
    case ThriftType::kDouble:
      ReadDouble();
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
