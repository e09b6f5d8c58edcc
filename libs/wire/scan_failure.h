// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace clew::wire {

// The first thing that was wrong with some bytes, and where. A scanner keeps one
// and returns plain bools meanwhile, so that the path without errors costs nothing.
struct ScanFailure {
  const char* reason = nullptr;  // nullptr: nothing was wrong
  size_t position = 0;

  base::Error ToError(std::string_view format) const {
    return {base::ErrorCode::kInvalidArgument,
            std::string(format) + ": " + reason + " at byte " + std::to_string(position)};
  }
};

}  // namespace clew::wire
