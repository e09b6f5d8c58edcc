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
