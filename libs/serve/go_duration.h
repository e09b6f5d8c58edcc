// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace clew::serve {

// Nanoseconds of a duration as Go writes it: "300ms", "1.5s", "1h30m", "-2us". The
// errors are Go's own, because clients know them.
base::Result<int64_t> ParseGoDuration(std::string_view text);

}  // namespace clew::serve
