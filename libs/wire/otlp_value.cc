// SPDX-License-Identifier: Apache-2.0
#include "wire/otlp_value.h"

#include <bit>

#include "base/bytes.h"
#include "wire/limits.h"
#include "wire/protobuf_scan.h"

namespace clew::wire {
namespace {

using model::ValueView;

bool CheckElement(std::string_view element, const char* origin, int nesting,
                  ValueView::Type container, ScanFailure& failure) {
  if (container == ValueView::Type::kArray) {
    ValueView ignored;
    return ReadAnyValue(element, origin, nesting, ignored, failure);
  }
  KeyValueView ignored;
  return ReadKeyValue(element, origin, nesting, ignored, failure);
}

// Checks an ArrayValue or KeyValueList, both `repeated X values = 1`.
bool CheckContainer(const ValueView& value, const char* origin, int nesting, ScanFailure& failure) {
  if (nesting > kMaxValueNesting) {
    failure = {"attribute value nested too deeply",
               static_cast<size_t>(value.text.data() - origin)};
    return false;
  }
  FieldCursor field(value.text, origin);
  while (field.Next()) {
    if (field.tag() != Tag(1, WireType::kBytes)) continue;
    if (!CheckElement(field.bytes(), origin, nesting, value.type, failure)) return false;
  }
  if (field.failed()) failure = field.failure();
  return !field.failed();
}

bool IsContainer(const ValueView& value) {
  return value.type == ValueView::Type::kArray || value.type == ValueView::Type::kKeyValueList;
}

// A number of at least two bytes and at most nine, alone.
bool ReadLongInt(std::string_view bytes, ValueView& value) {
  constexpr size_t kMostBytes = 9;
  if (bytes.size() > kMostBytes) return false;
  uint64_t number = 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<uint8_t>(bytes[i]);
    if ((byte < 0x80) != (i + 1 == bytes.size())) return false;
    number |= static_cast<uint64_t>(byte & 0x7f) << (7 * i);
  }
  value = ValueView::Int(static_cast<int64_t>(number));
  return true;
}

// An AnyValue that is a string, a boolean, an integer or a double and nothing else, its
// lengths below 128. False for all others, which may be right as well.
bool ReadUsualValue(std::string_view message, ValueView& value) {
  constexpr size_t kHead = 2;  // a tag, and a length or a short number
  const auto byte = [&](size_t at) { return static_cast<uint8_t>(message[at]); };
  if (message.size() < kHead) return false;
  const bool short_number = message.size() == kHead && byte(1) < 0x80;
  switch (byte(0)) {
    case Tag(1, WireType::kBytes):
      if (byte(1) != message.size() - kHead) return false;
      value = ValueView::String(message.substr(kHead));
      return true;
    case Tag(2, WireType::kVarint):
      if (short_number) value = ValueView::Bool(byte(1) != 0);
      return short_number;
    case Tag(3, WireType::kVarint):
      if (short_number) value = ValueView::Int(byte(1));
      return short_number || ReadLongInt(message.substr(1), value);
    case Tag(4, WireType::kFixed64):
      if (message.size() != 1 + sizeof(uint64_t)) return false;
      value = ValueView::Double(std::bit_cast<double>(base::LoadLittle<uint64_t>(&message[1])));
      return true;
  }
  return false;
}

// Nearly all attributes are written so: a key and then a value, each shorter than 128 bytes.
// False for all others, which may be right as well.
bool ReadUsual(std::string_view message, KeyValueView& key_value) {
  constexpr size_t kHead = 2;  // a tag and a length
  const auto byte = [&](size_t at) { return static_cast<uint8_t>(message[at]); };
  if (message.size() < 2 * kHead || byte(0) != Tag(1, WireType::kBytes)) return false;
  const size_t key_size = byte(1);
  if (key_size >= 0x80 || key_size + 2 * kHead > message.size()) return false;
  const size_t value_size = message.size() - 2 * kHead - key_size;
  if (byte(kHead + key_size) != Tag(2, WireType::kBytes) || value_size >= 0x80 ||
      byte(kHead + key_size + 1) != value_size) {
    return false;
  }
  key_value.key = message.substr(kHead, key_size);
  return ReadUsualValue(message.substr(2 * kHead + key_size), key_value.value);
}

}  // namespace

bool ReadAnyValue(std::string_view message, const char* origin, int nesting, ValueView& value,
                  ScanFailure& failure) {
  value = {};
  FieldCursor field(message, origin);
  while (field.Next()) {
    switch (field.tag()) {
      case Tag(1, WireType::kBytes):
        value = ValueView::String(field.bytes());
        break;
      case Tag(2, WireType::kVarint):
        value = ValueView::Bool(field.integer() != 0);
        break;
      case Tag(3, WireType::kVarint):
        value = ValueView::Int(static_cast<int64_t>(field.integer()));
        break;
      case Tag(4, WireType::kFixed64):
        value = ValueView::Double(field.number());
        break;
      case Tag(5, WireType::kBytes):
        value = ValueView::Array(field.bytes());
        break;
      case Tag(6, WireType::kBytes):
        value = ValueView::KeyValueList(field.bytes());
        break;
      case Tag(7, WireType::kBytes):
        value = ValueView::Bytes(field.bytes());
        break;
    }
  }
  if (field.failed()) failure = field.failure();
  if (field.failed()) return false;
  return !IsContainer(value) || CheckContainer(value, origin, nesting + 1, failure);
}

bool ReadKeyValue(std::string_view message, const char* origin, int nesting,
                  KeyValueView& key_value, ScanFailure& failure) {
  if (ReadUsual(message, key_value)) return true;
  key_value = {};
  std::string_view value;
  FieldCursor field(message, origin);
  while (field.Next()) {
    if (field.tag() == Tag(1, WireType::kBytes)) key_value.key = field.bytes();
    if (field.tag() == Tag(2, WireType::kBytes)) value = field.bytes();
  }
  if (field.failed()) failure = field.failure();
  return !field.failed() && ReadAnyValue(value, origin, nesting, key_value.value, failure);
}

}  // namespace clew::wire
