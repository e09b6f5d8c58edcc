// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "server_config.h"

namespace clew {

// YAML of all that was given, each with who says so: "port-api: 3200  # clew.yaml:12"; with `all`
// also of what has its default.
std::string ShowConfig(const ServerConfig& config, bool all);
// The same for programs: {"port-api":{"value":"3200","from":"file","line":12},…}; a list has
// "values", and what tenants have of their own is in "tenants".
std::string ShowConfigAsJson(const ServerConfig& config, bool all);

// A file of all settings with their help, each commented out.
std::string ExampleConfig();

}  // namespace clew
