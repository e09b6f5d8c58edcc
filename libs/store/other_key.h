// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "store/column_names.h"

namespace clew::store {

// A key of the MAP `others`: of what, of which event or link, and its own. event[3].k is k
// of the fourth event.
struct OtherKey {
  AttributeScope scope{};
  size_t ordinal = 0;
  std::string_view key;
};

// nullopt when it is not written so.
std::optional<OtherKey> ParseOtherKey(std::string_view text);

}  // namespace clew::store
