// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace clew {

// A flag as it is, wherever its value came from.
struct FlagValue {
  std::string name;
  std::string value;      // of one that was not given its default, as far as --help knows it
  bool is_given = false;  // and not a default
};

// Those of a command, after it was parsed.
std::vector<FlagValue> FlagValuesOf(const CLI::App& command);

}  // namespace clew
