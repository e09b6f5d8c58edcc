// SPDX-License-Identifier: Apache-2.0
// Property: a batch that was read and written again is one that reading and writing
// leave as it is. (The first time tags may become kind and status, or the message of
// an error be filled in from another tag, so it is the second time that is compared.)
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "wire/jaeger_thrift_scan.h"
#include "wire/jaeger_thrift_writer.h"
#include "wire/span_transcript.h"

namespace {

std::string Rewrite(std::string_view batch) {
  clew::wire::JaegerThriftWriter writer;
  if (!clew::wire::ScanJaegerThrift(batch, writer).ok()) std::abort();
  const std::vector<std::string> batches = writer.Take();
  if (batches.size() != 1) std::abort();
  return batches.front();
}

std::string Transcript(std::string_view batch) {
  clew::wire::SpanTranscript transcript;
  if (!clew::wire::ScanJaegerThrift(batch, transcript).ok()) std::abort();
  return transcript.text();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  clew::wire::SpanTranscript ignored;
  if (!clew::wire::ScanJaegerThrift(bytes, ignored).ok()) return 0;
  const std::string once = Rewrite(bytes);
  const std::string twice = Rewrite(once);
  if (Transcript(twice) != Transcript(once)) std::abort();
  return 0;
}
