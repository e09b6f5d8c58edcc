// SPDX-License-Identifier: Apache-2.0
// Properties: what is read lies in the text, and written as version 00 it is read as the same.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "serve/traceparent.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto parsed = clew::serve::ParseTraceparent(text);
  if (!parsed) return 0;
  if (parsed->trace_id.size() != 32 || parsed->span_id.size() != 16) std::abort();
  const std::string trace_id(parsed->trace_id), span_id(parsed->span_id);
  if (text.find(trace_id) == std::string::npos || text.find(span_id) == std::string::npos) {
    std::abort();
  }
  const std::string written = "00-" + trace_id + "-" + span_id + "-01";
  const auto again = clew::serve::ParseTraceparent(written);
  if (!again || again->trace_id != trace_id || again->span_id != span_id) std::abort();
  return 0;
}
