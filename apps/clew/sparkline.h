// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>

namespace clew {

// Values as a line of bars, from 0 or the least of them to the greatest; nullopt and what is not
// finite is a gap. Of more values than `width` those that share a bar are their greatest.
std::string Sparkline(std::span<const std::optional<double>> values, size_t width);

}  // namespace clew
