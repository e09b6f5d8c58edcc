// SPDX-License-Identifier: Apache-2.0
#include "base/json_text.h"

#include <simdjson.h>

#include <cstdint>

namespace clew::base {

void AppendJsonString(std::string_view text, std::string& out) {
  constexpr char kDigits[] = "0123456789abcdef";
  const bool utf8 = simdjson::validate_utf8(text.data(), text.size());
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20) {
      out.append("\\u00").append(1, kDigits[byte >> 4]).append(1, kDigits[byte & 15]);
    } else {
      out += byte >= 0x80 && !utf8 ? '?' : c;
    }
  }
  out += '"';
}

}  // namespace clew::base
