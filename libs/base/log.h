// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace clew::base {

// Lines for the operator, on standard error, with time and level. Thread-safe.
// A secret never gets here.
void LogInfo(std::string_view message);
void LogWarning(std::string_view message);
void LogError(std::string_view message);

// Nothing below warnings from now on.
void SetLogQuiet();
// Nothing at all: for tests that provoke errors by the thousand.
void SetLogSilent();

}  // namespace clew::base
