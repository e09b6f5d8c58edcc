// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

// Checks of a flag that is a duration, "300ms" and the like. As CLI11 has it, they return what is
// wrong, and an empty text for "fine".
namespace clew {

std::string CheckPositiveDuration(const std::string& text);
std::string CheckDuration(const std::string& text);  // it may be nothing

}  // namespace clew
