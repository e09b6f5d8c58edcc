// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "traceql/token.h"

namespace clew::traceql {

// Makes `token` the integer, float or duration that `text` begins with, or an invalid one.
// Returns its size in the text.
// REQUIRES: text begins with a digit, or IsFraction(text)
size_t LexNumber(std::string_view text, Token& token);

// Whether what begins with a dot is a number, `.5`, rather than the name of an attribute.
bool IsFraction(std::string_view text);

// Nanoseconds of a duration in Prometheus's units (`1d12h`: whole numbers, from large units
// to small) or in Go's (`1.5s`, `2us`).
std::optional<int64_t> ParseDuration(std::string_view text);

}  // namespace clew::traceql
