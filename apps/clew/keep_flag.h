// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/keep_rule.h"

// How long spans are kept, as flags say it.
namespace clew {

// "36h", "7d", "1d12h": as Go writes a duration, with days in front. kInvalidArgument for one
// that is not longer than nothing.
base::Result<std::chrono::nanoseconds> ParseAge(std::string_view text);

// The rule of flags like "{ status = error }=30d", a query and an age; null without any.
// kInvalidArgument names the flag that is none and says why, of a query in the words of the
// parser; also when nothing is kept for longer than the retention, 0 being for ever.
base::Result<std::shared_ptr<const store::KeepRule>> ParseKeepRule(
    const std::vector<std::string>& flags, std::chrono::nanoseconds retention);

}  // namespace clew
