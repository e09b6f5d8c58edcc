// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "traceql/token.h"

namespace clew::traceql {

// The tokens of a text. The last one, and only that, is kEnd, or kInvalid where the text
// stops being one; what follows such a place is not read.
std::vector<Token> Lex(std::string_view text);

// Whether an attribute name that is not quoted ends before `rest`.
// REQUIRES: !rest.empty()
bool EndsAttributeName(std::string_view rest);

}  // namespace clew::traceql
