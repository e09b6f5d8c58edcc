// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace clew::base {

// Lines for the operator, on standard error, with time and level. Thread-safe.
// A secret never gets here.
// Only in a verbose log.
void LogDebug(std::string_view message);
void LogInfo(std::string_view message);
void LogWarning(std::string_view message);
void LogError(std::string_view message);

// Nothing below warnings from now on.
void SetLogQuiet();
// All there is from now on.
void SetLogVerbose();
// Whether LogDebug says anything, for lines that cost something to make.
bool LogsDebug();
// Nothing at all: for tests that provoke errors by the thousand.
void SetLogSilent();

}  // namespace clew::base
