// SPDX-License-Identifier: Apache-2.0
#include "wire/json_writer.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/bytes.h"
#include "wire/utf8.h"

namespace clew::wire {
namespace {

bool IsPlain(char c) {
  return static_cast<uint8_t>(c) >= 0x20 && static_cast<uint8_t>(c) < 0x80 && c != '"' && c != '\\';
}

// How many characters from `begin` on are ASCII and stand for themselves, eight at a time:
// of a byte below 0x80, less b or not equal to b, the top bit tells.
size_t PlainLength(std::string_view text, size_t begin) {
  constexpr uint64_t kEach = 0x0101010101010101;
  constexpr uint64_t kTop = 0x80 * kEach;
  const auto zero_bytes = [](uint64_t word) { return (word - kEach) & ~word; };
  size_t at = begin;
  for (; text.size() - at >= sizeof(uint64_t); at += sizeof(uint64_t)) {
    const auto word = base::LoadLittle<uint64_t>(text.data() + at);
    const uint64_t special = word | (word - 0x20 * kEach) | zero_bytes(word ^ '"' * kEach) |
                             zero_bytes(word ^ '\\' * kEach);
    if ((special & kTop) != 0) break;
  }
  while (at < text.size() && IsPlain(text[at])) ++at;
  return at - begin;
}

void AppendEscape(std::string& out, char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  if (c == '"' || c == '\\') {
    out.push_back('\\');
    out.push_back(c);
  } else if (c == '\n') {
    out += "\\n";
  } else {
    out += "\\u00";
    out.push_back(kHex[static_cast<uint8_t>(c) >> 4]);
    out.push_back(kHex[static_cast<uint8_t>(c) & 15]);
  }
}

}  // namespace

void JsonWriter::Separate() {
  if (needs_comma_) out_.push_back(',');
  needs_comma_ = true;
}

void JsonWriter::Open(char bracket) {
  Separate();
  out_.push_back(bracket);
  needs_comma_ = false;
}

void JsonWriter::Close(char bracket) {
  out_.push_back(bracket);
  needs_comma_ = true;
}

void JsonWriter::Key(std::string_view name) {
  Separate();
  Escaped(name);
  out_.push_back(':');
  needs_comma_ = false;
}

void JsonWriter::String(std::string_view text) {
  Separate();
  Escaped(text);
}

void JsonWriter::Digits(int64_t value) {
  char digits[24];
  out_.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

void JsonWriter::Number(int64_t value) {
  Separate();
  Digits(value);
}

void JsonWriter::Values(std::string_view json) {
  if (json.empty()) return;
  Separate();
  out_ += json;
}

void JsonWriter::Number(double value) {
  if (std::isnan(value)) return String("NaN");
  if (std::isinf(value)) return String(value > 0 ? "Infinity" : "-Infinity");
  Separate();
  char digits[32];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, value);
  out_.append(digits, end);
  // Readers take -0 for an integer, which has no sign of zero.
  if (value == 0 && std::signbit(value)) out_ += ".0";
}

void JsonWriter::Null() {
  Separate();
  out_ += "null";
}

void JsonWriter::Bool(bool value) {
  Separate();
  out_ += value ? "true" : "false";
}

void JsonWriter::NumberAsString(int64_t value) {
  Separate();
  out_.push_back('"');
  Digits(value);
  out_.push_back('"');
}

void JsonWriter::Base64(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  Separate();
  out_.push_back('"');
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t count = std::min<size_t>(3, bytes.size() - i);
    uint32_t group = 0;
    for (size_t j = 0; j < 3; ++j) {
      group = group << 8 | (j < count ? static_cast<uint8_t>(bytes[i + j]) : 0u);
    }
    for (size_t j = 0; j < 4; ++j) {
      out_.push_back(j <= count ? kDigits[(group >> (18 - 6 * j)) & 63] : '=');
    }
  }
  out_.push_back('"');
}

void JsonWriter::Escaped(std::string_view text) {
  constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD
  out_.push_back('"');
  size_t plain = 0;  // where the part not yet copied begins
  for (size_t i = PlainLength(text, 0); i < text.size(); i += PlainLength(text, i)) {
    const char c = text[i];
    const size_t size = Utf8CharacterSize(text.substr(i));
    const bool as_it_is =
        size > 1 || (size == 1 && static_cast<uint8_t>(c) >= 0x20 && c != '"' && c != '\\');
    i += std::max<size_t>(size, 1);
    if (as_it_is) continue;
    out_.append(text.substr(plain, i - 1 - plain));
    plain = i;
    if (size == 0) {
      out_ += kReplacement;
    } else {
      AppendEscape(out_, c);
    }
  }
  out_.append(text.substr(plain));
  out_.push_back('"');
}

}  // namespace clew::wire
