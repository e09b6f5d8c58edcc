// SPDX-License-Identifier: Apache-2.0
#include "store/array_value.h"

#include "base/check.h"
#include "wire/otlp_value.h"
#include "wire/otlp_writer.h"
#include "wire/protobuf_scan.h"
#include "wire/protobuf_writer.h"

namespace clew::store {
namespace {

using model::ValueView;

std::optional<ColumnType> ArrayOf(ValueView::Type element) {
  switch (element) {
    case ValueView::Type::kString:
      return ColumnType::kStringArray;
    case ValueView::Type::kBool:
      return ColumnType::kBoolArray;
    case ValueView::Type::kInt:
      return ColumnType::kIntArray;
    case ValueView::Type::kDouble:
      return ColumnType::kDoubleArray;
    case ValueView::Type::kEmpty:
    case ValueView::Type::kArray:
    case ValueView::Type::kKeyValueList:
    case ValueView::Type::kBytes:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::vector<ValueView> ElementsOf(std::string_view encoded) {
  std::vector<ValueView> elements;
  wire::FieldCursor field(encoded, encoded.data());
  while (field.Next()) {
    if (field.tag() != wire::Tag(1, wire::WireType::kBytes)) continue;
    ValueView element;
    wire::ScanFailure failure;
    CHECK(wire::ReadAnyValue(field.bytes(), encoded.data(), 0, element, failure));
    elements.push_back(element);
  }
  return elements;
}

std::optional<ColumnType> ArrayTypeOf(std::string_view encoded) {
  const std::vector<ValueView> elements = ElementsOf(encoded);
  if (elements.empty()) return std::nullopt;
  for (const ValueView& element : elements) {
    if (element.type != elements.front().type) return std::nullopt;
  }
  return ArrayOf(elements.front().type);
}

std::string EncodeArray(const std::vector<ValueView>& elements) {
  wire::ProtobufWriter out;
  for (const ValueView& element : elements) wire::WriteAnyValue(out, 1, element);
  return out.Take();
}

}  // namespace clew::store
