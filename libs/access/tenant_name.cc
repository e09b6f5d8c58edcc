// SPDX-License-Identifier: Apache-2.0
#include "access/tenant_name.h"

#include <algorithm>
#include <string>

#include "access/limits.h"

namespace clew::access {
namespace {

bool IsAllowed(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("!-_.*'()").find(c) != std::string_view::npos;
}

}  // namespace

base::Status CheckTenantName(std::string_view name) {
  if (!name.empty() && name.size() <= kMaxTenantNameBytes && name != "." && name != ".." &&
      std::ranges::all_of(name, IsAllowed)) {
    return {};
  }
  return base::Error{base::ErrorCode::kInvalidArgument,
                     "a tenant's name is 1 to " + std::to_string(kMaxTenantNameBytes) +
                         " letters, digits and any of !-_.*'(), and not . or .."};
}

}  // namespace clew::access
