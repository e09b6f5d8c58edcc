// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <optional>
#include <string_view>

#include "store/column_names.h"

namespace clew::query {

// The attribute that a key of a block's `others` is of: event[3].k is k of an event.
struct OtherKey {
  store::AttributeScope scope{};
  std::string_view key;
};

inline std::optional<OtherKey> ParseOtherKey(std::string_view text) {
  for (const store::AttributeScope scope : store::kAttributeScopes) {
    const std::string_view name = store::ScopeName(scope);
    if (!text.starts_with(name)) continue;
    std::string_view rest = text.substr(name.size());
    if (rest.starts_with('[')) rest = rest.substr(std::min(rest.find(']'), rest.size() - 1) + 1);
    if (rest.starts_with('.')) return OtherKey{.scope = scope, .key = rest.substr(1)};
  }
  return std::nullopt;
}

}  // namespace clew::query
