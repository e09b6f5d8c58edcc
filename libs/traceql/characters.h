// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

// What kind of character a text in UTF-8 begins with. Sizes are in bytes, 0 when it is none of the
// kind.
namespace clew::traceql {

inline bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

// The space that may stand between tokens.
inline bool IsSpace(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// A space of any alphabet, such as the one that web pages keep lines together with.
size_t UnicodeSpaceSize(std::string_view text);

// A letter, a digit or `_`. Beyond ASCII all is a letter but spaces and the general punctuation,
// typographic quotes and dashes among it.
size_t WordCharacterSize(std::string_view text);

// How much of any bytes is UTF-8 without NUL.
size_t ReadableSize(std::string_view text);

}  // namespace clew::traceql
