// SPDX-License-Identifier: Apache-2.0
#include "query/eval/regexes.h"

#include <algorithm>
#include <cstddef>

#include "base/text_search.h"

namespace clew::query {
namespace {

using parquet::ByteArrays;

// Some of many texts.
struct Chosen {
  const ByteArrays& all;
  std::vector<uint32_t> places;
  size_t size() const { return places.size(); }
  std::string_view operator[](size_t i) const { return all[places[i]]; }
};

bool Has(std::string_view text, std::string_view literal) {
  return text.find(literal) != std::string_view::npos;
}

// The literal that fewest texts have, by the first of them; null when most have any.
const std::string* Rarest(const std::vector<std::string>& literals, const ByteArrays& texts) {
  constexpr size_t kAsked = 200;
  const size_t asked = std::min(texts.size(), kAsked);
  const std::string* rarest = nullptr;
  size_t fewest = asked / 2;
  for (const std::string& literal : literals) {
    size_t have = 0;
    for (size_t i = 0; i < asked; ++i) have += Has(texts[i], literal) ? 1 : 0;
    if (have >= fewest) continue;
    fewest = have;
    rarest = &literal;
  }
  return rarest;
}

// The texts that have the literal, which is looked for in all at once.
std::vector<uint32_t> PlacesWith(std::string_view literal, const ByteArrays& texts) {
  std::vector<uint32_t> places;
  const std::string_view bytes = texts.bytes();
  const std::vector<uint32_t>& ends = texts.ends();
  uint32_t place = 0;
  for (size_t at = base::FindText(bytes, literal); at != std::string_view::npos;) {
    while (ends[place] <= at) ++place;
    const bool inside = at + literal.size() <= ends[place];  // and not of two texts
    if (inside) places.push_back(place);
    at = base::FindText(bytes, literal, inside ? ends[place] : at + 1);
  }
  return places;
}

}  // namespace

std::vector<uint8_t> Regex::MatchAll(const ByteArrays& texts) const {
  std::vector<uint8_t> matches(texts.size());
  const std::string* const literal = Rarest(literals_, texts);
  if (literal == nullptr) {
    ForEachMatch(texts, [&](size_t i) { matches[i] = 1; });
    return matches;
  }
  const Chosen chosen{texts, PlacesWith(*literal, texts)};
  ForEachMatch(chosen, [&](size_t i) { matches[chosen.places[i]] = 1; });
  return matches;
}

}  // namespace clew::query
