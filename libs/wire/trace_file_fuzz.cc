// SPDX-License-Identifier: Apache-2.0
// Property: whatever a file of traces holds, what is read of it is well formed: it can be written
// as OTLP and is read back the same.
#include <cstdint>

#include "wire/otlp_round_trip.h"
#include "wire/trace_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view json(reinterpret_cast<const char*>(data), size);
  clew::wire::CheckReadsBackAsOtlp(
      [](std::string_view bytes, clew::model::SpanSink& sink) {
        return clew::wire::ScanTraceFile(bytes, sink);
      },
      json);
  return 0;
}
