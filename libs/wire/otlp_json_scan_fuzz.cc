// SPDX-License-Identifier: Apache-2.0
// Property: what ScanOtlpJson accepts, OtlpJsonWriter writes so that it is read back the
// same, and OtlpWriter as protobuf that is read back the same; no input makes any of them
// read outside its bytes.
#include <cstdint>
#include <cstdlib>

#include "wire/otlp_json_scan.h"
#include "wire/otlp_json_writer.h"
#include "wire/otlp_scan.h"
#include "wire/otlp_writer.h"
#include "wire/span_transcript.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view json(reinterpret_cast<const char*>(data), size);
  clew::wire::AcceptedTranscript first;
  if (!clew::wire::ScanOtlpJson(json, first).ok()) return 0;
  clew::wire::OtlpJsonWriter json_writer(clew::wire::JsonDialect::kOtlp);
  clew::wire::OtlpWriter protobuf_writer;
  if (!clew::wire::ScanOtlpJson(json, json_writer).ok()) std::abort();
  if (!clew::wire::ScanOtlpJson(json, protobuf_writer).ok()) std::abort();
  clew::wire::AcceptedTranscript from_json;
  clew::wire::AcceptedTranscript from_protobuf;
  const std::string written = "{\"resourceSpans\":" + json_writer.Take() + "}";
  if (!clew::wire::ScanOtlpJson(written, from_json).ok()) std::abort();
  if (!clew::wire::ScanOtlp(protobuf_writer.Take(), from_protobuf).ok()) std::abort();
  if (from_json.text() != first.text() || from_protobuf.text() != first.text()) std::abort();
  return 0;
}
