// SPDX-License-Identifier: Apache-2.0
// Property: what ScanOtlp accepts, OtlpWriter writes so that it is read back the same,
// and no input makes either read outside its bytes.
#include <cstdint>
#include <cstdlib>

#include "wire/otlp_json_writer.h"
#include "wire/otlp_scan.h"
#include "wire/otlp_writer.h"
#include "wire/span_transcript.h"

namespace {

// Rejected spans leave nothing to write.
std::string WithoutRejections(std::string_view transcript) {
  std::string kept;
  while (!transcript.empty()) {
    const size_t size = transcript.find('\n') + 1;
    if (!transcript.starts_with("rejected")) kept += transcript.substr(0, size);
    transcript.remove_prefix(size);
  }
  return kept;
}

bool HasNewline(std::string_view bytes) {
  return bytes.find('\n') != std::string_view::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  clew::wire::OtlpWriter writer;
  if (!clew::wire::ScanOtlp(bytes, writer).ok()) return 0;
  clew::wire::SpanTranscript first;
  clew::wire::SpanTranscript second;
  clew::wire::OtlpJsonWriter json(clew::wire::JsonDialect::kOtlp);
  if (!clew::wire::ScanOtlp(bytes, first).ok()) std::abort();
  if (!clew::wire::ScanOtlp(bytes, json).ok()) std::abort();
  if (!clew::wire::ScanOtlp(writer.Take(), second).ok()) std::abort();
  const bool rejected = first.text().find("rejected") != std::string::npos;
  // A text may hold what looks like a line; then only the plain comparison is sound.
  if (rejected && HasNewline(bytes)) return 0;
  if (WithoutRejections(first.text()) != WithoutRejections(second.text())) std::abort();
  return 0;
}
