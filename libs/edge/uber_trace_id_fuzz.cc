// SPDX-License-Identifier: Apache-2.0
// Property: what is read is written as a value that is read as the same.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "edge/trace_context.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto read = clew::edge::ParseUberTraceId(text);
  if (!read) return 0;
  const std::string written = clew::edge::FormatUberTraceId(*read, read->span_id);
  const auto again = clew::edge::ParseUberTraceId(written);
  const bool same = again && again->trace_id == read->trace_id && again->span_id == read->span_id &&
                    again->flags == read->flags;
  if (!same) std::abort();
  return 0;
}
