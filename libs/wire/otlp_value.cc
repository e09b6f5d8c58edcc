// SPDX-License-Identifier: Apache-2.0
#include "wire/otlp_value.h"

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

// Nearly all attributes are written so: a key and then a value, each shorter than 128 bytes,
// the value a string or a small number. False for all others, which may be right as well.
bool ReadUsual(std::string_view message, KeyValueView& key_value) {
  constexpr char kKey = Tag(1, WireType::kBytes);
  constexpr char kValue = Tag(2, WireType::kBytes);
  constexpr char kString = Tag(1, WireType::kBytes);
  constexpr char kInteger = Tag(3, WireType::kVarint);
  constexpr size_t kHead = 2;  // a tag and a length
  constexpr uint8_t kLong = 0x80;
  const auto byte = [&](size_t at) { return static_cast<uint8_t>(message[at]); };
  if (message.size() < 3 * kHead || message[0] != kKey || byte(1) >= kLong) return false;
  const size_t value = kHead + byte(1);
  if (value + 2 * kHead > message.size() || message[value] != kValue) return false;
  const size_t inner = value + kHead;
  if (byte(value + 1) >= kLong || byte(value + 1) != message.size() - inner) return false;
  key_value.key = message.substr(kHead, byte(1));
  if (message[inner] == kString && byte(inner + 1) == message.size() - inner - kHead) {
    key_value.value = ValueView::String(message.substr(inner + kHead));
    return true;
  }
  const bool small = message.size() == inner + kHead && byte(inner + 1) < kLong;
  if (message[inner] != kInteger || !small) return false;
  key_value.value = ValueView::Int(byte(inner + 1));
  return true;
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
  key_value = {};
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
