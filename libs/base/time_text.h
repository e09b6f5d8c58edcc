// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace clew::base {

// A time in UTC by RFC 3339, "2026-11-23T14:05:09.25Z": as many digits of a second as it needs.
std::string TimeText(int64_t unix_nano);

}  // namespace clew::base
