// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace clew::serve {

// Reads `key=value other="with space" flag` in order. A key without a value has
// the empty one. Inside quotes \" \\ \n \r \t and \/ are escapes. The error is
// "unexpected '=' at pos 3" and the like; positions count from 1.
base::Result<std::vector<std::pair<std::string, std::string>>> ParseLogfmt(std::string_view text);

}  // namespace clew::serve
