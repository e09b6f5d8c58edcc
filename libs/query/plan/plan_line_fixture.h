// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace clew::query {

// For tests: what a printed plan says under that name the first time; "none" when nothing.
inline std::string LineOf(std::string_view plan, std::string_view name) {
  while (!plan.empty()) {
    const std::string_view line = plan.substr(0, plan.find('\n'));
    plan.remove_prefix(line.size() + 1);
    if (!line.starts_with(name)) continue;
    const size_t value = line.find_first_not_of(' ', name.size());
    if (value > name.size()) return std::string(line.substr(value));
  }
  return "none";
}

}  // namespace clew::query
