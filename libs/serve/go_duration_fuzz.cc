// SPDX-License-Identifier: Apache-2.0
// Properties: a duration written in nanoseconds is read as it was; a second sign
// makes it invalid; the error quotes the text.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "serve/go_duration.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto nanos = clew::serve::ParseGoDuration(text);
  if (!nanos.ok()) {
    if (nanos.error().message.find('"' + text + '"') == std::string::npos) std::abort();
    return 0;
  }
  const auto again = clew::serve::ParseGoDuration(std::to_string(nanos.value()) + "ns");
  if (!again.ok() || again.value() != nanos.value()) std::abort();
  if (clew::serve::ParseGoDuration("+-" + text).ok()) std::abort();
  return 0;
}
