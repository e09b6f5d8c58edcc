// SPDX-License-Identifier: Apache-2.0
#include "net/http.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/byte_scan.h"

namespace clew::net {

namespace {

char LowerCase(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = LowerCase(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// Whether no part of the field can end its line or its name.
bool IsSafe(const Header& field) {
  if (field.name.empty() || base::HasControl<' ' + 1>(field.name)) return false;
  if (field.name.find(':') != std::string_view::npos) return false;
  if (!base::HasControl<' '>(field.value)) return true;
  return field.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

}  // namespace

Headers::Headers(std::initializer_list<Header> fields) {
  for (const Header& field : fields) Add(field.name, field.value);
}

std::optional<std::string_view> Headers::Get(std::string_view name) const {
  for (const Header field : *this) {
    if (EqualsIgnoringCase(field.name, name)) return field.value;
  }
  return std::nullopt;
}

char* Headers::NewLine(size_t name_length, size_t value_length) {
  if (fields_.capacity() == 0) {
    fields_.reserve(16);
    text_.Reserve(768);
  }
  const Field field{static_cast<uint32_t>(text_.size()), static_cast<uint32_t>(name_length),
                    static_cast<uint32_t>(value_length)};
  fields_.push_back(field);
  return text_.Extend(field.end() - field.at);
}

bool Headers::Owns(std::string_view text) const {
  return std::less_equal<>()(text_.data(), text.data()) &&
         std::less<>()(text.data(), text_.data() + text_.size());
}

void Headers::Add(std::string_view name, std::string_view value) {
  if (Owns(name) || Owns(value)) {  // views of this very buffer, which may move
    return Add(std::string(name), std::string(value));
  }
  char* line = NewLine(name.size(), value.size());
  std::memcpy(line, name.data(), name.size());
  line += name.size();
  *line++ = ':';
  *line++ = ' ';
  if (!value.empty()) std::memcpy(line, value.data(), value.size());
  line += value.size();
  *line++ = '\r';
  *line = '\n';
  unsafe_ = unsafe_ || !IsSafe({name, value});
}

void Headers::AddParsedLine(std::string_view line, size_t name_length) {
  std::memcpy(NewLine(name_length, line.size() - name_length - 4), line.data(), line.size());
}

void Headers::Set(std::string_view name, std::string_view value) {
  Remove(name);
  Add(name, value);
}

void Headers::Remove(std::string_view name) {
  RemoveIf([&](std::string_view field) { return EqualsIgnoringCase(field, name); });
}

std::optional<Header> Headers::FindUnsafe() const {
  if (!unsafe_) return std::nullopt;
  for (const Header field : *this) {
    if (!IsSafe(field)) return field;
  }
  return std::nullopt;
}

void Headers::clear() {
  fields_.clear();
  text_.clear();
  unsafe_ = false;
}

std::string_view RequestHead::path() const {
  return std::string_view(target).substr(0, target.find('?'));
}

std::string_view RequestHead::query() const {
  const size_t mark = target.find('?');
  return mark == std::string::npos ? std::string_view() : std::string_view(target).substr(mark + 1);
}

std::string_view ReasonPhrase(int status) {
  struct Named {
    int status;
    std::string_view phrase;
  };
  static constexpr Named kNames[] = {{100, "Continue"},
                                     {101, "Switching Protocols"},
                                     {200, "OK"},
                                     {201, "Created"},
                                     {202, "Accepted"},
                                     {204, "No Content"},
                                     {206, "Partial Content"},
                                     {301, "Moved Permanently"},
                                     {302, "Found"},
                                     {303, "See Other"},
                                     {304, "Not Modified"},
                                     {307, "Temporary Redirect"},
                                     {308, "Permanent Redirect"},
                                     {400, "Bad Request"},
                                     {401, "Unauthorized"},
                                     {403, "Forbidden"},
                                     {404, "Not Found"},
                                     {405, "Method Not Allowed"},
                                     {406, "Not Acceptable"},
                                     {408, "Request Timeout"},
                                     {409, "Conflict"},
                                     {410, "Gone"},
                                     {411, "Length Required"},
                                     {412, "Precondition Failed"},
                                     {413, "Content Too Large"},
                                     {414, "URI Too Long"},
                                     {415, "Unsupported Media Type"},
                                     {416, "Range Not Satisfiable"},
                                     {417, "Expectation Failed"},
                                     {421, "Misdirected Request"},
                                     {422, "Unprocessable Content"},
                                     {425, "Too Early"},
                                     {426, "Upgrade Required"},
                                     {428, "Precondition Required"},
                                     {429, "Too Many Requests"},
                                     {431, "Request Header Fields Too Large"},
                                     {499, "Client Closed Request"},
                                     {500, "Internal Server Error"},
                                     {501, "Not Implemented"},
                                     {502, "Bad Gateway"},
                                     {503, "Service Unavailable"},
                                     {504, "Gateway Timeout"},
                                     {505, "HTTP Version Not Supported"},
                                     {507, "Insufficient Storage"}};
  for (const Named& named : kNames) {
    if (named.status == status) return named.phrase;
  }
  return "Unknown";
}

std::optional<std::string> PercentDecode(std::string_view text, bool plus_is_space) {
  std::string plain;
  plain.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      plain += ' ';
    } else if (text[i] != '%') {
      plain += text[i];
    } else {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = HexDigit(text[i + 1]);
      const int low = HexDigit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      plain += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return plain;
}

std::vector<std::pair<std::string, std::string>> ParseQuery(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  const auto decode = [](std::string_view text) {
    return PercentDecode(text, true).value_or(std::string(text));
  };
  while (!query.empty()) {
    const size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (pair.empty()) continue;
    const size_t equals = std::min(pair.find('='), pair.size());
    pairs.emplace_back(decode(pair.substr(0, equals)),
                       decode(pair.substr(std::min(equals + 1, pair.size()))));
  }
  return pairs;
}

}  // namespace clew::net
