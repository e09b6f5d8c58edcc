// SPDX-License-Identifier: Apache-2.0
#include "parquet/schema.h"

#include <set>
#include <utility>

namespace clew::parquet {
namespace {

// Levels are bytes; a deeper schema is nobody's.
constexpr size_t kMaxDepth = 100;

base::Error Wrong(const std::string& field, const char* what) {
  return {base::ErrorCode::kInvalidArgument, "field " + field + " of a schema " + what};
}

// Appends the columns of a field to `columns`; `place` is where it stands.
base::Status AddColumns(const Field& field, Column place, std::vector<Column>& columns) {
  place.path.push_back(field.name);
  const std::string name = place.name();
  if (place.path.size() > kMaxDepth) return Wrong(name, "is nested too deep");
  if (field.repetition != Repetition::kRequired) ++place.max_definition;
  if (field.repetition == Repetition::kRepeated) ++place.max_repetition;
  if (field.type) {
    if (!field.children.empty()) return Wrong(name, "has both a type and children");
    const bool fixed = *field.type == Type::kFixedLenByteArray;
    if (fixed && field.type_length == 0) return Wrong(name, "has no length");
    place.type = *field.type;
    place.type_length = fixed ? field.type_length : 0;
    place.logical = field.logical;
    columns.push_back(std::move(place));
    return {};
  }
  if (field.children.empty()) return Wrong(name, "has neither a type nor children");
  for (const Field& child : field.children) TRY(AddColumns(child, place, columns));
  return {};
}

}  // namespace

Field List(std::string name, Field element) {
  element.name = "element";
  return {
      .name = std::move(name),
      .repetition = Repetition::kOptional,
      .logical = LogicalType::kList,
      .children = {
          {.name = "list", .repetition = Repetition::kRepeated, .children = {std::move(element)}}}};
}

Field Map(std::string name, Field key, Field value) {
  key.name = "key";
  key.repetition = Repetition::kRequired;
  value.name = "value";
  return {.name = std::move(name),
          .repetition = Repetition::kOptional,
          .logical = LogicalType::kMap,
          .children = {{.name = "key_value",
                        .repetition = Repetition::kRepeated,
                        .children = {std::move(key), std::move(value)}}}};
}

std::string Column::name() const {
  std::string joined;
  for (const std::string& part : path) {
    if (!joined.empty()) joined += '.';
    joined += part;
  }
  return joined;
}

base::Result<Schema> Schema::Make(std::vector<Field> fields) {
  Schema schema;
  for (const Field& field : fields) TRY(AddColumns(field, {}, schema.columns_));
  std::set<std::vector<std::string>> paths;
  for (const Column& column : schema.columns_) {
    if (!paths.insert(column.path).second) return Wrong(column.name(), "is there twice");
  }
  schema.fields_ = std::move(fields);
  return schema;
}

std::optional<size_t> Schema::Find(std::string_view path) const {
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].name() == path) return i;
  }
  return std::nullopt;
}

}  // namespace clew::parquet
