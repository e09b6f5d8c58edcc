// SPDX-License-Identifier: Apache-2.0
#include "store/other_key.h"

#include <charconv>

namespace clew::store {

std::optional<OtherKey> ParseOtherKey(std::string_view text) {
  for (const AttributeScope scope : kAttributeScopes) {
    const std::string_view name = ScopeName(scope);
    if (!text.starts_with(name)) continue;
    OtherKey other{.scope = scope, .ordinal = 0, .key = text.substr(name.size())};
    if (other.key.starts_with('[')) {
      const char* const end = other.key.data() + other.key.size();
      const auto [after, error] = std::from_chars(other.key.data() + 1, end, other.ordinal);
      if (error != std::errc() || after == end || *after != ']') return std::nullopt;
      other.key = {after + 1, end};
    }
    if (!other.key.starts_with('.')) return std::nullopt;
    other.key.remove_prefix(1);
    return other;
  }
  return std::nullopt;
}

}  // namespace clew::store
