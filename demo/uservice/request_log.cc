// SPDX-License-Identifier: Apache-2.0

#include "uservice/request_log.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace clew::demo {
namespace {

constexpr std::array<std::string_view, 4> kSecretHeaders = {"authorization", "cookie",
                                                            "proxy-authorization", "set-cookie"};

std::string ToLower(std::string name) {
  std::ranges::transform(name, name.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name;
}

void AppendEscaped(std::string& out, char c) {
  constexpr char kDigits[] = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  out += "\\x";
  out += kDigits[byte >> 4];
  out += kDigits[byte & 15];
}

}  // namespace

std::string QuoteBytes(std::string_view bytes) {
  std::string out = "\"";
  for (const char c : bytes) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c >= ' ' && c <= '~') {
      out += c;
    } else {
      AppendEscaped(out, c);
    }
  }
  return out + '"';
}

std::string FormatRequest(const net::Headers& headers) {
  if (headers.size() == 0) return "Request: {}\n";
  std::string text = "Request: {\n";
  for (const net::Header& header : headers) {
    const std::string name = ToLower(std::string(header.name));
    const bool secret = std::ranges::find(kSecretHeaders, name) != kSecretHeaders.end();
    text +=
        "    " + QuoteBytes(name) + ": " + QuoteBytes(secret ? "[redacted]" : header.value) + ",\n";
  }
  return text + "}\n";
}

}  // namespace clew::demo
