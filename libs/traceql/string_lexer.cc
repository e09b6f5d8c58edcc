// SPDX-License-Identifier: Apache-2.0
#include "traceql/string_lexer.h"

#include <charconv>
#include <cstdint>

namespace clew::traceql {
namespace {

void AppendUtf8(uint32_t code, std::string& out) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | (code >> 12));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0 | (code >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

// The escape of one letter, or '\0' when it is none.
char SimpleEscape(char letter) {
  constexpr std::string_view kLetters = "abfnrtv\\\"";
  constexpr std::string_view kMeanings = "\a\b\f\n\r\t\v\\\"";
  const size_t index = kLetters.find(letter);
  return index == std::string_view::npos ? '\0' : kMeanings[index];
}

// The number of exactly `digits` digits that the text begins with.
std::optional<uint32_t> ReadDigits(std::string_view text, size_t digits, int base) {
  if (text.size() < digits) return std::nullopt;
  uint32_t value = 0;
  const char* const end = text.data() + digits;
  const auto [read, error] = std::from_chars(text.data(), end, value, base);
  if (error != std::errc() || read != end) return std::nullopt;
  return value;
}

std::optional<size_t> ReadCodePoint(std::string_view text, size_t digits, std::string& out) {
  const std::optional<uint32_t> code = ReadDigits(text, digits, 16);
  const bool surrogate = code && *code >= 0xD800 && *code < 0xE000;
  if (!code || surrogate || *code > 0x10FFFF) return std::nullopt;
  AppendUtf8(*code, out);
  return digits;
}

std::optional<size_t> ReadByte(std::string_view text, size_t digits, int base, std::string& out) {
  const std::optional<uint32_t> byte = ReadDigits(text, digits, base);
  if (!byte || *byte > 0xFF) return std::nullopt;
  out += static_cast<char>(*byte);
  return digits;
}

// Appends what the escape after a backslash means; returns its size without the backslash.
std::optional<size_t> ReadEscape(std::string_view text, std::string& out) {
  if (text.empty()) return std::nullopt;
  if (const char meaning = SimpleEscape(text[0]); meaning != '\0') {
    out += meaning;
    return 1;
  }
  const std::string_view digits = text.substr(1);
  std::optional<size_t> size;
  if (text[0] == 'x') size = ReadByte(digits, 2, 16, out);
  if (text[0] == 'u') size = ReadCodePoint(digits, 4, out);
  if (text[0] == 'U') size = ReadCodePoint(digits, 8, out);
  if (size) return 1 + *size;
  return ReadByte(text, 3, 8, out);
}

size_t LexRaw(std::string_view text, Token& token) {
  const size_t end = text.find('`', 1);
  if (end == std::string_view::npos) {
    return MakeInvalid(token, "literal not terminated", "a string that begins with ` ends with `");
  }
  for (const char c : text.substr(1, end - 1)) {
    if (c != '\r') token.text += c;  // As in Go, where raw strings may span lines.
  }
  return end + 1;
}

}  // namespace

size_t LexString(std::string_view text, Token& token) {
  token.kind = TokenKind::kString;
  if (text[0] == '`') return LexRaw(text, token);
  size_t at = 1;
  while (at < text.size() && text[at] != '"' && text[at] != '\n') {
    if (text[at] != '\\') {
      token.text += text[at++];
      continue;
    }
    const std::optional<size_t> size = ReadEscape(text.substr(at + 1), token.text);
    if (!size) {
      return MakeInvalid(token, "invalid char escape",
                         "a backslash is written \\\\, or the string in backticks");
    }
    at += 1 + *size;
  }
  if (at < text.size() && text[at] == '"') return at + 1;
  return MakeInvalid(token, "literal not terminated", "the string lacks its closing quote");
}

std::optional<size_t> ReadQuotedName(std::string_view text, std::string& name) {
  for (size_t at = 1; at < text.size(); ++at) {
    if (text[at] == '"') return at + 1;
    if (text[at] == '\\') {
      ++at;
      if (at == text.size() || (text[at] != '"' && text[at] != '\\')) return std::nullopt;
    }
    name += text[at];
  }
  return std::nullopt;
}

}  // namespace clew::traceql
