// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace clew::config {

// One setting as somebody wrote it. What its text means is another's business.
struct Setting {
  std::string key;                  // such as "tenant-rate"
  std::vector<std::string> values;  // one, or those of a list
  std::string tenant{};             // whose it is; empty: the server's
  int line = 0;                     // where in its file, from 1; 0: it is of no file
};

// What there is to set, for the server and for one tenant.
struct KnownKeys {
  std::vector<std::string> server;
  std::vector<std::string> tenant;
};

// By name, such as those of the environment.
using Variables = std::map<std::string, std::string, std::less<>>;

// The variable of a key: "CLEW_TENANT_RATE" of "tenant-rate".
std::string VariableOf(std::string_view key);

// "${NAME}" and "${NAME:-what stands there when it is unset or empty}" in a text, replaced; "$$"
// is a dollar. kInvalidArgument for a variable that is not there and for any other dollar.
base::Result<std::string> Expand(std::string_view text, const Variables& variables);

// YAML that reads as these settings, those of the server first.
std::string PrintSettings(std::span<const Setting> settings);
// A text as YAML that reads as it, in quotes where it needs them. Dollars stay as they are.
std::string PrintText(std::string_view text);
// The lines of one setting, without its tenant: "tenant-rate: 20MiB\n".
std::string PrintSetting(const Setting& setting);

}  // namespace clew::config
