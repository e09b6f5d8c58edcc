// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace clew::yaml {

// The known word that was probably meant by one that is not known: the nearest, when it takes few
// letters to get there. What it returns lies where `known` does.
std::optional<std::string_view> NearestWord(std::string_view word,
                                            std::span<const std::string_view> known);

// Letters to insert, remove or replace until `a` is `b` (Levenshtein, 1965).
size_t LettersBetween(std::string_view a, std::string_view b);

}  // namespace clew::yaml
