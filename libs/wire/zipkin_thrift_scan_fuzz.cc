// SPDX-License-Identifier: Apache-2.0
// Property: what is read of Zipkin's Thrift is well formed (it can be written as OTLP and is
// read back the same), and of a body that is refused nothing is told.
#include <cstdint>

#include "wire/otlp_round_trip.h"
#include "wire/zipkin_thrift_scan.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  clew::wire::CheckAllOrNothing(clew::wire::ScanZipkinThrift, bytes);
  return 0;
}
