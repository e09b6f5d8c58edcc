// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "config/settings.h"

namespace clew {

// What stands in the place of what is not shown.
inline constexpr const char* kLeftOut = "(left out)";

// A setting as it may be shown to whoever reads a list of settings or a log: values of headers are
// left out, and passwords, parameters and unusual paths of URLs.
config::Setting Shown(config::Setting setting);

// A value of --forward likewise.
std::string ShownDestination(const std::string& url);

}  // namespace clew
