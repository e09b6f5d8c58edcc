// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "traceql/token.h"

namespace clew::traceql {

// The tokens of a text. The last one, and only that, is kEnd, or kInvalid where the text
// stops being one; what follows such a place is not read.
std::vector<Token> Lex(std::string_view text);

// Whether a byte ends an attribute name that is not quoted.
bool EndsAttributeName(char c);

}  // namespace clew::traceql
