// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "wire/json_tree.h"

// What answers of the query API say, read from their JSON. What is absent or of another type is
// empty, or 0.
namespace clew {

std::optional<wire::JsonValue> Member(const wire::JsonValue& object, std::string_view key);
std::string TextOf(const std::optional<wire::JsonValue>& value);
int64_t NumberOf(const std::optional<wire::JsonValue>& value);

}  // namespace clew
