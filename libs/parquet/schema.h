// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "parquet/values.h"

namespace clew::parquet {

enum class Repetition : uint8_t { kRequired = 0, kOptional = 1, kRepeated = 2 };

// What a column means beyond its physical type. Written both as LogicalType and,
// where there is one, as the older ConvertedType. kOther: some other one, kept out
// of sight when a file is read; kOtherOrder: one whose values are not in the order of the
// physical type (unsigned integers, decimals), so that a file's bounds are no bounds here.
enum class LogicalType : uint8_t {
  kNone,
  kString,
  kUuid,
  kTimestampNanosUtc,
  kList,
  kMap,
  kOther,
  kOtherOrder
};

// A field of the schema: a leaf (a column) or a group. Lists and maps have the
// three levels that the format prescribes; make them with List and Map.
struct Field {
  std::string name;
  Repetition repetition = Repetition::kRequired;
  LogicalType logical = LogicalType::kNone;
  std::optional<Type> type{};     // of a leaf
  uint32_t type_length = 0;       // of a FIXED_LEN_BYTE_ARRAY
  std::vector<Field> children{};  // of a group
  bool operator==(const Field&) const = default;
};

// An optional LIST of elements: group (LIST) -> repeated group "list" -> "element".
Field List(std::string name, Field element);
// An optional MAP: group (MAP) -> repeated group "key_value" -> required key, optional value.
Field Map(std::string name, Field key, Field value);

// A leaf, with what its place in the tree says.
struct Column {
  std::vector<std::string> path;  // from below the root
  Type type = Type::kInt64;
  uint32_t type_length = 0;
  LogicalType logical = LogicalType::kNone;
  uint8_t max_definition = 0;
  uint8_t max_repetition = 0;

  std::string name() const;  // the path joined by dots
};

// The fields of a file and its columns in depth-first order. Immutable.
class Schema {
 public:
  // kInvalidArgument, naming the field: a leaf without a type, a group without
  // children, two columns of one path, levels past 255.
  static base::Result<Schema> Make(std::vector<Field> fields);

  const std::vector<Field>& fields() const { return fields_; }
  const std::vector<Column>& columns() const { return columns_; }
  // The column of that dotted path.
  std::optional<size_t> Find(std::string_view path) const;

 private:
  std::vector<Field> fields_;
  std::vector<Column> columns_;
};

}  // namespace clew::parquet
