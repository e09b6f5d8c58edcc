// SPDX-License-Identifier: Apache-2.0
#include "store/block_schema.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/check.h"

namespace clew::store {
namespace {

using parquet::Field;
using parquet::LogicalType;
using parquet::Repetition;
using parquet::Type;

struct IntrinsicShape {
  std::string_view name;
  Type type;
  LogicalType logical = LogicalType::kNone;
  uint32_t type_length = 0;
  bool optional = false;
};

constexpr std::array<IntrinsicShape, kIntrinsics> kShapes = {{
    {"trace_id", Type::kFixedLenByteArray, LogicalType::kUuid, 16},
    {"span_id", Type::kFixedLenByteArray, LogicalType::kNone, 8},
    {"parent_span_id", Type::kFixedLenByteArray, LogicalType::kNone, 8, true},
    {"start_unix_nano", Type::kInt64, LogicalType::kTimestampNanosUtc},
    {"duration_nano", Type::kInt64},
    {"name", Type::kByteArray, LogicalType::kString},
    {"kind", Type::kInt32},
    {"status_code", Type::kInt32},
    {"status_message", Type::kByteArray, LogicalType::kString, 0, true},
    {"trace_state", Type::kByteArray, LogicalType::kString, 0, true},
    {"flags", Type::kInt64},
    {"dropped_attributes_count", Type::kInt64},
    {"dropped_events_count", Type::kInt64},
    {"dropped_links_count", Type::kInt64},
    {"row_in_trace", Type::kInt32},
    {"parent_row", Type::kInt32, LogicalType::kNone, 0, true},
    {"subtree_rows", Type::kInt32},
    {"resource_schema_url", Type::kByteArray, LogicalType::kString, 0, true},
    {"resource_dropped_attributes_count", Type::kInt64},
    {"scope.name", Type::kByteArray, LogicalType::kString, 0, true},
    {"scope.version", Type::kByteArray, LogicalType::kString, 0, true},
    {"scope_schema_url", Type::kByteArray, LogicalType::kString, 0, true},
    {"scope_dropped_attributes_count", Type::kInt64},
    {"event.time", Type::kInt64, LogicalType::kTimestampNanosUtc},
    {"event.name", Type::kByteArray, LogicalType::kString},
    {"event.dropped", Type::kInt64},
    {"link.trace_id", Type::kFixedLenByteArray, LogicalType::kUuid, 16},
    {"link.span_id", Type::kFixedLenByteArray, LogicalType::kNone, 8},
    {"link.trace_state", Type::kByteArray, LogicalType::kString},
    {"link.flags", Type::kInt64},
    {"link.dropped", Type::kInt64},
    {"others", Type::kByteArray},
}};

const IntrinsicShape& ShapeOf(Intrinsic intrinsic) {
  return kShapes[static_cast<size_t>(intrinsic)];
}

Field Leaf(std::string name, Repetition repetition, Type type,
           LogicalType logical = LogicalType::kNone, uint32_t type_length = 0) {
  return {.name = std::move(name),
          .repetition = repetition,
          .logical = logical,
          .type = type,
          .type_length = type_length};
}

Field OthersField() {
  return parquet::Map("others",
                      Leaf("key", Repetition::kRequired, Type::kByteArray, LogicalType::kString),
                      Leaf("value", Repetition::kOptional, Type::kByteArray, LogicalType::kString));
}

Field FieldOfIntrinsic(Intrinsic intrinsic) {
  if (intrinsic == Intrinsic::kOthers) return OthersField();
  const IntrinsicShape& shape = ShapeOf(intrinsic);
  std::string name(shape.name);
  if (ScopeOf(intrinsic) != AttributeScope::kSpan) {
    return parquet::List(std::move(name), Leaf("element", Repetition::kOptional, shape.type,
                                               shape.logical, shape.type_length));
  }
  const Repetition repetition = shape.optional ? Repetition::kOptional : Repetition::kRequired;
  return Leaf(std::move(name), repetition, shape.type, shape.logical, shape.type_length);
}

Type ElementType(ColumnType type) {
  switch (type) {
    case ColumnType::kString:
    case ColumnType::kStringArray:
      return Type::kByteArray;
    case ColumnType::kInt:
    case ColumnType::kIntArray:
      return Type::kInt64;
    case ColumnType::kDouble:
    case ColumnType::kDoubleArray:
      return Type::kDouble;
    case ColumnType::kBool:
    case ColumnType::kBoolArray:
      return Type::kBoolean;
  }
  return Type::kByteArray;
}

bool InList(const AttributeColumnKey& attribute) {
  return IsArray(attribute.type) || attribute.scope == AttributeScope::kEvent ||
         attribute.scope == AttributeScope::kLink;
}

Field FieldOfAttribute(const std::string& name, const AttributeColumnKey& attribute) {
  const Type type = ElementType(attribute.type);
  const LogicalType logical = type == Type::kByteArray ? LogicalType::kString : LogicalType::kNone;
  if (!InList(attribute)) return Leaf(name, Repetition::kOptional, type, logical);
  return parquet::List(name, Leaf("element", Repetition::kOptional, type, logical));
}

Field FieldOf(const BlockColumn& column) {
  if (const Intrinsic* intrinsic = std::get_if<Intrinsic>(&column.holds)) {
    return FieldOfIntrinsic(*intrinsic);
  }
  return FieldOfAttribute(column.name, std::get<AttributeColumnKey>(column.holds));
}

std::optional<ColumnType> TypeOfField(const Field& field) {
  const bool list = !field.type.has_value();
  if (list && (field.children.size() != 1 || field.children[0].children.size() != 1)) {
    return std::nullopt;
  }
  const Field& leaf = list ? field.children[0].children[0] : field;
  if (!leaf.type) return std::nullopt;
  switch (*leaf.type) {
    case Type::kByteArray:
      return list ? ColumnType::kStringArray : ColumnType::kString;
    case Type::kInt64:
      return list ? ColumnType::kIntArray : ColumnType::kInt;
    case Type::kDouble:
      return list ? ColumnType::kDoubleArray : ColumnType::kDouble;
    case Type::kBoolean:
      return list ? ColumnType::kBoolArray : ColumnType::kBool;
    case Type::kInt32:
    case Type::kInt96:
    case Type::kFloat:
    case Type::kFixedLenByteArray:
      return std::nullopt;
  }
  return std::nullopt;
}

ColumnType ElementOf(ColumnType array) {
  return static_cast<ColumnType>(static_cast<uint8_t>(array) -
                                 static_cast<uint8_t>(ColumnType::kStringArray));
}

// The attribute of a field that is no intrinsic.
std::optional<AttributeColumnKey> AttributeOfField(const Field& field) {
  const std::optional<ColumnType> type = TypeOfField(field);
  if (!type) return std::nullopt;
  const bool list_of_scope = field.name.starts_with("event.") || field.name.starts_with("link.");
  if (list_of_scope && !IsArray(*type)) return std::nullopt;
  return AttributeOfColumn(field.name, list_of_scope ? ElementOf(*type) : *type);
}

base::Error WrongColumn(std::string_view name) {
  return {base::ErrorCode::kCorruption,
          "spans.parquet has no column of the right type called " + std::string(name)};
}

}  // namespace

std::string_view NameOf(Intrinsic intrinsic) {
  return ShapeOf(intrinsic).name;
}

AttributeScope ScopeOf(Intrinsic intrinsic) {
  if (intrinsic >= Intrinsic::kEventTime && intrinsic <= Intrinsic::kEventDropped) {
    return AttributeScope::kEvent;
  }
  if (intrinsic >= Intrinsic::kLinkTraceId && intrinsic <= Intrinsic::kLinkDropped) {
    return AttributeScope::kLink;
  }
  return AttributeScope::kSpan;
}

bool IsServiceName(const AttributeColumnKey& attribute) {
  return attribute.scope == AttributeScope::kResource && attribute.key == "service.name" &&
         attribute.type == ColumnType::kString;
}

namespace {

// What people ask for first has filters that other readers find it by.
parquet::BloomFilterOf FilterOf(Intrinsic intrinsic) {
  return intrinsic == Intrinsic::kTraceId ? parquet::BloomFilterOf::kAllChunks
                                          : parquet::BloomFilterOf::kNone;
}
parquet::BloomFilterOf FilterOf(const AttributeColumnKey& attribute) {
  if (IsServiceName(attribute)) return parquet::BloomFilterOf::kAllChunks;
  // Numbers are asked for by ranges, which statistics answer.
  return attribute.type == ColumnType::kString ? parquet::BloomFilterOf::kLargeChunks
                                               : parquet::BloomFilterOf::kNone;
}

}  // namespace

std::vector<BlockColumn> BlockColumns(const std::vector<NamedAttribute>& attributes) {
  std::vector<BlockColumn> columns;
  columns.reserve(kIntrinsics + attributes.size());
  for (size_t i = 0; i + 1 < kIntrinsics; ++i) {
    const auto intrinsic = static_cast<Intrinsic>(i);
    columns.push_back({.name = std::string(NameOf(intrinsic)),
                       .holds = intrinsic,
                       .bloom_filter = FilterOf(intrinsic)});
  }
  for (const NamedAttribute& named : attributes) {
    columns.push_back(
        {.name = named.name, .holds = named.attribute, .bloom_filter = FilterOf(named.attribute)});
  }
  columns.push_back({.name = "others", .holds = Intrinsic::kOthers});
  return columns;
}

parquet::Schema SpansSchema(const std::vector<BlockColumn>& columns) {
  std::vector<Field> fields;
  fields.reserve(columns.size());
  for (const BlockColumn& column : columns) fields.push_back(FieldOf(column));
  auto schema = parquet::Schema::Make(std::move(fields));
  CHECK(schema.ok());  // Names are unique: ColumnNames gives each away once.
  return std::move(schema).value();
}

base::Result<std::vector<BlockColumn>> ReadSpansSchema(const parquet::Schema& schema) {
  const std::vector<Field>& fields = schema.fields();
  if (fields.size() < kIntrinsics) return WrongColumn("others");
  std::vector<NamedAttribute> attributes;
  for (size_t i = 0; i < fields.size(); ++i) {
    const bool attribute = i + 1 >= kIntrinsics && i + 1 < fields.size();
    if (attribute) {
      const auto key = AttributeOfField(fields[i]);
      if (!key) return WrongColumn(fields[i].name);
      attributes.push_back({.name = fields[i].name, .attribute = *key});
      continue;
    }
    const auto intrinsic = i + 1 == fields.size() ? Intrinsic::kOthers : static_cast<Intrinsic>(i);
    if (!(fields[i] == FieldOfIntrinsic(intrinsic))) return WrongColumn(NameOf(intrinsic));
  }
  return BlockColumns(attributes);
}

}  // namespace clew::store
