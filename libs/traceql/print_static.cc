// SPDX-License-Identifier: Apache-2.0
// The leaves of a query: literals and attribute names, quoted where they must be.
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "traceql/lexer.h"
#include "traceql/print.h"
#include "traceql/words.h"
#include "wire/utf8.h"

namespace clew::traceql {
namespace {

// Whether the lexer reads the name as it is, behind `prefix`, and nothing else.
bool IsPlainName(std::string_view prefix, std::string_view name) {
  const std::vector<Token> tokens = Lex(std::string(prefix).append(name));
  return tokens.size() == 2 && tokens[0].kind == TokenKind::kAttribute && tokens[0].text == name;
}

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

std::string EscapedByte(char c) {
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  return {'\\', 'x', kHexDigits[byte >> 4], kHexDigits[byte & 0xF]};
}

std::string Escaped(char c) {
  switch (c) {
    case '\n':
      return "\\n";
    case '\t':
      return "\\t";
    case '\r':
      return "\\r";
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    default:
      return c >= ' ' && c != 0x7F ? std::string(1, c) : EscapedByte(c);
  }
}

std::string PrintValue(Nil /*nil*/) {
  return "nil";
}

std::string PrintValue(int64_t integer) {
  // Its digits alone would be out of range.
  return integer == INT64_MIN ? "minInt" : std::to_string(integer);
}

std::string PrintValue(double number) {
  std::array<char, 32> digits{};
  char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  std::string text(digits.data(), end);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

std::string PrintValue(const std::string& string) {
  std::string text = "\"";
  for (std::string_view rest = string; !rest.empty();) {
    const size_t size = wire::Utf8CharacterSize(rest);
    if (size > 1) text += rest.substr(0, size);
    if (size == 1) text += Escaped(rest[0]);
    if (size == 0) text += EscapedByte(rest[0]);
    rest.remove_prefix(std::max(size, size_t{1}));
  }
  return text + '"';
}

std::string PrintValue(bool value) {
  return value ? "true" : "false";
}

std::string PrintValue(SpanStatus status) {
  return std::string(TextOf(status));
}

std::string PrintValue(SpanKind kind) {
  return std::string(TextOf(kind));
}

// A whole number of `unit_ns` and what is left as a decimal fraction.
std::string Decimal(uint64_t ns, uint64_t unit_ns, std::string_view unit) {
  std::string text = std::to_string(ns / unit_ns);
  std::string fraction = std::to_string(unit_ns + ns % unit_ns).substr(1);
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  if (!fraction.empty()) text.append(".").append(fraction);
  return text.append(unit);
}

std::string PrintValue(Duration duration) {
  constexpr uint64_t kSecond = 1'000'000'000;
  const bool negative = duration.ns < 0;
  uint64_t ns = static_cast<uint64_t>(duration.ns);
  if (negative) ns = 0 - ns;
  std::string text = negative ? "-" : "";
  if (ns == 0) return "0s";
  if (ns < 1'000) return text + Decimal(ns, 1, "ns");
  if (ns < 1'000'000) return text + Decimal(ns, 1'000, "us");
  if (ns < kSecond) return text + Decimal(ns, 1'000'000, "ms");
  if (ns >= 3'600 * kSecond) text += std::to_string(ns / (3'600 * kSecond)) + "h";
  ns %= 3'600 * kSecond;
  if (ns >= 60 * kSecond) text += std::to_string(ns / (60 * kSecond)) + "m";
  ns %= 60 * kSecond;
  if (ns > 0) text += Decimal(ns, kSecond, "s");
  return text;
}

}  // namespace

std::string Print(const Attribute& attribute) {
  const std::string text = PrefixOf(attribute.scope, attribute.of_parent);
  const bool plain = IsPlainName(text, attribute.name);
  return text + (plain ? attribute.name : Quoted(attribute.name));
}

std::string Print(const Static& value) {
  return std::visit([](const auto& one) { return PrintValue(one); }, value);
}

}  // namespace clew::traceql
