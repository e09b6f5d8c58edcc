// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "query/eval/shallow_value.h"

namespace clew::query {

// Appends what no other value appends: a key of whatever comes from many sources. False, and
// nothing done, for arrays.
inline bool AppendBytes(const Value& value, std::string& bytes) {
  const std::optional<ShallowValue> shallow = ShallowValue::Of(value);
  if (!shallow) return false;
  const auto append = [&](uint64_t number) {
    bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
  };
  append(shallow->type);
  if (const auto* text = std::get_if<std::string_view>(&value.scalar)) {
    append(text->size());
    bytes.append(*text);
  } else {
    append(shallow->bits);
  }
  return true;
}

}  // namespace clew::query
