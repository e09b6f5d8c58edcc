// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>

namespace clew::access {

inline constexpr size_t kMaxTenantNameBytes = 150;

// How soon a change of the credentials file counts.
inline constexpr std::chrono::seconds kReloadInterval{1};

}  // namespace clew::access
