// SPDX-License-Identifier: Apache-2.0
#include "json_fields.h"

#include "wire/json_scalar.h"

namespace clew {

using wire::JsonMembers;
using wire::JsonType;
using wire::JsonValue;

std::optional<JsonValue> Member(const JsonValue& object, std::string_view key) {
  JsonMembers members(object);
  while (members.Next()) {
    if (members.key() == key) return members.value();
  }
  return std::nullopt;
}

std::string TextOf(const std::optional<JsonValue>& value) {
  if (!value) return {};
  const bool scalar = value->type() == JsonType::kString || value->type() == JsonType::kNumber;
  if (scalar) return std::string(value->text());
  return value->type() == JsonType::kTrue ? "true" : "false";
}

int64_t NumberOf(const std::optional<JsonValue>& value) {
  return value ? wire::ReadJsonInt64(*value).value_or(0) : 0;
}

}  // namespace clew
