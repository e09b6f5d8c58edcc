// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "traceql/token.h"

namespace clew::traceql {

// Makes `token` the string that `text` begins with, "…" with Go's escapes or `raw`, or an
// invalid one. Returns its size in the text.
// REQUIRES: text begins with a double quote or a backtick
size_t LexString(std::string_view text, Token& token);

// Appends the quoted part of an attribute name that `text` begins with, unescaped. Returns
// its size in the text; none when it does not end or has an escape other than \" and \\.
std::optional<size_t> ReadQuotedName(std::string_view text, std::string& name);

}  // namespace clew::traceql
