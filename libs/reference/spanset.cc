// SPDX-License-Identifier: Apache-2.0
#include "reference/spanset.h"

#include <algorithm>
#include <utility>

namespace clew::reference {

void SetValue(std::vector<NamedValue>& values, NamedValue value) {
  const auto same = [&](const NamedValue& other) { return other.name == value.name; };
  const auto found = std::ranges::find_if(values, same);
  if (found == values.end()) {
    values.push_back(std::move(value));
  } else {
    *found = std::move(value);
  }
}

}  // namespace clew::reference
