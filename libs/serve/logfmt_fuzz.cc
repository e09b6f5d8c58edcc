// SPDX-License-Identifier: Apache-2.0
// Properties: pairs that were read are read again the same when they are written
// with every value quoted; an error names a place in the text.
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "serve/logfmt.h"

namespace {

std::string Quoted(std::string_view value) {
  std::string text = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text + '"';
}

// The number that the message ends with; 0 when there is none.
size_t PositionIn(std::string_view message) {
  size_t position = 0;
  const std::string_view digits = message.substr(message.rfind(' ') + 1);
  std::from_chars(digits.data(), digits.data() + digits.size(), position);
  return position;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto pairs = clew::serve::ParseLogfmt(text);
  if (!pairs.ok()) {
    const size_t position = PositionIn(pairs.error().message);
    if (position == 0 || position > size) std::abort();
    return 0;
  }
  std::string again;
  for (const auto& [key, value] : pairs.value()) again += key + "=" + Quoted(value) + " ";
  const auto read = clew::serve::ParseLogfmt(again);
  if (!read.ok() || read.value() != pairs.value()) std::abort();
  return 0;
}
