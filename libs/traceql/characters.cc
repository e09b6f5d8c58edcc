// SPDX-License-Identifier: Apache-2.0
#include "traceql/characters.h"

#include <algorithm>
#include <array>

#include "wire/utf8.h"

namespace clew::traceql {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// U+2000 to U+206F.
bool IsGeneralPunctuation(std::string_view text) {
  return text.starts_with("\xE2\x80") ||
         (text.starts_with("\xE2\x81") && text.substr(0, 3) < "\xE2\x81\xB0");
}

}  // namespace

size_t UnicodeSpaceSize(std::string_view text) {
  if (text.empty()) return 0;
  if (IsSpace(text[0]) || text[0] == '\v' || text[0] == '\f') return 1;
  // U+0085, U+00A0, U+1680, U+2028, U+2029, U+202F, U+205F, U+3000; U+2000 to U+200A are below.
  constexpr std::array<std::string_view, 8> kSpaces = {
      "\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\xA8",
      "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"};
  for (const std::string_view space : kSpaces) {
    if (text.starts_with(space)) return space.size();
  }
  return text.starts_with("\xE2\x80") && text.substr(0, 3) <= "\xE2\x80\x8A" ? 3 : 0;
}

size_t WordCharacterSize(std::string_view text) {
  if (text.empty()) return 0;
  const char c = text[0];
  if (static_cast<unsigned char>(c) < 0x80) {
    return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ? 1 : 0;
  }
  const bool letter = UnicodeSpaceSize(text) == 0 && !IsGeneralPunctuation(text) &&
                      !text.starts_with(kByteOrderMark);
  return letter ? wire::Utf8CharacterSize(text) : 0;
}

size_t ReadableSize(std::string_view text) {
  size_t size = 0;
  while (size < text.size() && text[size] != '\0') {
    const size_t character = wire::Utf8CharacterSize(text.substr(size));
    if (character == 0) break;
    size += character;
  }
  return size;
}

}  // namespace clew::traceql
