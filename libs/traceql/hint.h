// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "traceql/token.h"

namespace clew::traceql {

// What to do about the token at `at`, which cannot stand where it is: a sentence about what was
// likely meant, from it and its neighbours. `is_keyword`: it is a word of the language.
// REQUIRES: tokens end as those of Lex do, and at is one of them
std::string HintFor(std::span<const Token> tokens, size_t at, bool is_keyword);

}  // namespace clew::traceql
