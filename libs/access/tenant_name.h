// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"

namespace clew::access {

// Whether a tenant may be called that: 1 to 150 letters, digits and any of !-_.*'(), and not "."
// or "..". It becomes a folder's name. Source: Tempo's rule for X-Scope-OrgID.
base::Status CheckTenantName(std::string_view name);

}  // namespace clew::access
