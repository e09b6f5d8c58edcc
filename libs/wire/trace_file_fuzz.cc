// SPDX-License-Identifier: Apache-2.0
// Property: whatever a file of traces holds, what is read of it is well formed: it can be written
// as OTLP and is read back the same.
#include <cstdint>
#include <cstdlib>

#include "wire/otlp_scan.h"
#include "wire/otlp_writer.h"
#include "wire/span_transcript.h"
#include "wire/trace_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view json(reinterpret_cast<const char*>(data), size);
  clew::wire::AcceptedTranscript first;
  if (!clew::wire::ScanTraceFile(json, first).ok()) return 0;
  clew::wire::OtlpWriter writer;
  if (!clew::wire::ScanTraceFile(json, writer).ok()) std::abort();
  clew::wire::AcceptedTranscript again;
  if (!clew::wire::ScanOtlp(writer.Take(), again).ok()) std::abort();
  if (again.text() != first.text()) std::abort();
  return 0;
}
