// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <string_view>

#include "wire/otlp_scan.h"
#include "wire/otlp_writer.h"
#include "wire/span_transcript.h"

namespace clew::wire {

// A property for fuzz targets: what `scan` tells of the bytes is well formed, for it can be
// written as OTLP and is read back the same. Ends the program when it does not hold. False when
// `scan` refuses the bytes.
template <typename Scan>
bool CheckReadsBackAsOtlp(Scan scan, std::string_view bytes) {
  AcceptedTranscript first;
  if (!scan(bytes, first).ok()) return false;
  OtlpWriter writer;
  if (!scan(bytes, writer).ok()) std::abort();
  AcceptedTranscript again;
  if (!ScanOtlp(writer.Take(), again).ok()) std::abort();
  if (again.text() != first.text()) std::abort();
  return true;
}

// The same, and that a scan which refuses the bytes has told nothing of them.
template <typename Scan>
void CheckAllOrNothing(Scan scan, std::string_view bytes) {
  if (CheckReadsBackAsOtlp(scan, bytes)) return;
  SpanTranscript nothing;
  if (scan(bytes, nothing).ok() || !nothing.text().empty()) std::abort();
}

}  // namespace clew::wire
