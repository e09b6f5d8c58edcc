// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace clew::serve {

// Appends `text` as a JSON string, quotes included. Bytes that are not UTF-8
// are passed on as they are: the store repaired them when they came in.
inline void AppendJsonString(std::string& json, std::string_view text) {
  static constexpr char kDigits[] = "0123456789abcdef";
  json.push_back('"');
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      json.push_back('\\');
      json.push_back(c);
    } else if (byte < 0x20) {
      json.append("\\u00");
      json.push_back(kDigits[byte >> 4]);
      json.push_back(kDigits[byte & 15]);
    } else {
      json.push_back(c);
    }
  }
  json.push_back('"');
}

}  // namespace clew::serve
