// SPDX-License-Identifier: Apache-2.0
#include "wire/jaeger_tag.h"

namespace clew::wire {
namespace {

using model::ValueView;

struct TagFields {
  int32_t type = 0;
  std::string_view text{};
  double number = 0;
  bool boolean = false;
  int64_t integer = 0;
  std::string_view binary{};
};

ValueView ValueOf(const TagFields& tag) {
  switch (static_cast<JaegerTagType>(tag.type)) {
    case JaegerTagType::kString:
      return ValueView::String(tag.text);
    case JaegerTagType::kDouble:
      return ValueView::Double(tag.number);
    case JaegerTagType::kBool:
      return ValueView::Bool(tag.boolean);
    case JaegerTagType::kLong:
      return ValueView::Int(tag.integer);
    case JaegerTagType::kBinary:
      return ValueView::Bytes(tag.binary);
  }
  return ValueView::String("<Unknown Jaeger TagType \"<UNSET>\">");
}

}  // namespace

JaegerTag ReadJaegerTag(ThriftCursor& cursor) {
  JaegerTag tag;
  TagFields fields;
  while (cursor.NextField()) {
    switch (cursor.field()) {
      case ThriftField(1, ThriftType::kString):
        tag.key = cursor.ReadString();
        break;
      case ThriftField(2, ThriftType::kI32):
        fields.type = cursor.ReadI32();
        break;
      case ThriftField(3, ThriftType::kString):
        fields.text = cursor.ReadString();
        break;
      case ThriftField(4, ThriftType::kDouble):
        fields.number = cursor.ReadDouble();
        break;
      case ThriftField(5, ThriftType::kBool):
        fields.boolean = cursor.ReadBool();
        break;
      case ThriftField(6, ThriftType::kI64):
        fields.integer = cursor.ReadI64();
        break;
      case ThriftField(7, ThriftType::kString):
        fields.binary = cursor.ReadString();
        break;
      default:
        cursor.SkipField();
    }
  }
  tag.value = ValueOf(fields);
  return tag;
}

}  // namespace clew::wire
