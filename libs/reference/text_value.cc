// SPDX-License-Identifier: Apache-2.0
#include "reference/text_value.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "traceql/lexer.h"

namespace clew::reference {
namespace {

base::Error NoValue(std::string_view text) {
  return {base::ErrorCode::kInvalidArgument, "no value: " + std::string(text)};
}

template <typename T>
std::optional<T> NumberFrom(std::string_view text) {
  T number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// Where a part of a text that starts at 0 ends: at the first of `stops` outside of quotes and
// brackets, or at the end.
size_t EndOfPart(std::string_view text, std::string_view stops) {
  int depth = 0;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
      continue;
    }
    if (depth == 0 && stops.find(c) != std::string_view::npos) return i;
    if (c == '"') quoted = true;
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
  }
  return text.size();
}

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// The parts between commas, without the brackets around them.
std::vector<std::string_view> PartsOf(std::string_view bracketed) {
  std::string_view rest = Trimmed(bracketed.substr(1, bracketed.size() - 2));
  std::vector<std::string_view> parts;
  while (!rest.empty()) {
    const size_t end = EndOfPart(rest, ",");
    parts.push_back(Trimmed(rest.substr(0, end)));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return parts;
}

base::Result<AttributeValue> ParseArray(std::string_view text) {
  Array array;
  for (const std::string_view part : PartsOf(text)) {
    array.elements.push_back(TRY(ParseValue(part)));
  }
  return AttributeValue{std::move(array)};
}

base::Result<AttributeValue> ParseList(std::string_view text) {
  KeyValueList list;
  for (const std::string_view part : PartsOf(text)) {
    std::optional<KeyAndText> pair = SplitAssignment(part);
    if (!pair) return NoValue(text);
    list.pairs.push_back({std::move(pair->key), TRY(ParseValue(pair->text))});
  }
  return AttributeValue{std::move(list)};
}

base::Result<AttributeValue> ParseBytes(std::string_view digits) {
  Bytes bytes;
  for (; digits.size() >= 2; digits.remove_prefix(2)) {
    uint8_t byte = 0;
    const auto parsed = std::from_chars(digits.data(), digits.data() + 2, byte, 16);
    if (parsed.ptr != digits.data() + 2) return NoValue(digits);
    bytes.bytes += static_cast<char>(byte);
  }
  if (!digits.empty()) return NoValue(digits);
  return AttributeValue{std::move(bytes)};
}

base::Result<AttributeValue> ParseNumber(std::string_view text) {
  if (const std::optional<int64_t> integer = NumberFrom<int64_t>(text)) {
    return AttributeValue{*integer};
  }
  if (const std::optional<double> number = NumberFrom<double>(text)) {
    return AttributeValue{*number};
  }
  return NoValue(text);
}

}  // namespace

base::Result<AttributeValue> ParseValue(std::string_view text) {
  if (text == "null") return AttributeValue{};
  if (text == "true") return AttributeValue{true};
  if (text == "false") return AttributeValue{false};
  if (text.starts_with("bytes:")) return ParseBytes(text.substr(6));
  if (text.starts_with('[') && text.ends_with(']')) return ParseArray(text);
  if (text.starts_with('{') && text.ends_with('}')) return ParseList(text);
  if (!text.starts_with('"')) return ParseNumber(text);
  std::vector<traceql::Token> tokens = traceql::Lex(text);
  if (tokens.size() != 2 || tokens[0].kind != traceql::TokenKind::kString) return NoValue(text);
  return AttributeValue{std::move(tokens[0].text)};
}

std::optional<int64_t> ParseDuration(std::string_view text) {
  const bool negative = text.starts_with('-');
  const std::vector<traceql::Token> tokens = traceql::Lex(text.substr(negative ? 1 : 0));
  if (tokens.size() != 2 || tokens[0].kind != traceql::TokenKind::kDuration) return std::nullopt;
  return negative ? -tokens[0].integer : tokens[0].integer;
}

std::vector<std::string> WordsOf(std::string_view line) {
  std::vector<std::string> words;
  for (line = Trimmed(line); !line.empty(); line = Trimmed(line)) {
    const size_t end = EndOfPart(line, " ");
    words.emplace_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return words;
}

std::optional<KeyAndText> SplitAssignment(std::string_view word) {
  const size_t end = EndOfPart(word, "=");
  if (end == word.size()) return std::nullopt;
  return KeyAndText{std::string(word.substr(0, end)), std::string(word.substr(end + 1))};
}

}  // namespace clew::reference
