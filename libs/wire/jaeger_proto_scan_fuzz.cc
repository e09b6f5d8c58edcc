// SPDX-License-Identifier: Apache-2.0
// Property: a request that is read once is read again with the same result, and what it
// says is what the OTLP request says that is written of it.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "wire/jaeger_proto_scan.h"
#include "wire/otlp_scan.h"
#include "wire/otlp_writer.h"
#include "wire/span_transcript.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  clew::wire::OtlpWriter writer;
  if (!clew::wire::ScanJaegerProto(bytes, writer).ok()) return 0;
  clew::wire::AcceptedTranscript told;
  if (!clew::wire::ScanJaegerProto(bytes, told).ok()) std::abort();
  clew::wire::AcceptedTranscript written;
  if (!clew::wire::ScanOtlp(writer.Take(), written).ok()) std::abort();
  if (written.text() != told.text()) std::abort();
  return 0;
}
