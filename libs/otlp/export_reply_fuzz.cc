// SPDX-License-Identifier: Apache-2.0
// Property: whatever a server answers is read without harm, no pause is longer than the
// limit or negative, and what we would answer ourselves is read back.
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "otlp/export_reply.h"
#include "wire/otlp_response.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using clew::otlp::kMaxRetryDelay, clew::otlp::ReadRejectedSpans, clew::otlp::ReadRetryAfter,
      clew::otlp::ReadRetryDelay;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)ReadRejectedSpans(bytes).ok();
  for (const auto delay : {ReadRetryDelay(bytes), ReadRetryAfter(bytes)}) {
    CHECK(!delay || (delay->count() >= 0 && *delay <= kMaxRetryDelay));
  }
  const auto seconds = static_cast<int>(size % 60);
  const std::string status = clew::wire::EncodeRpcStatus(8, bytes.substr(0, 100), seconds);
  CHECK(ReadRetryDelay(status) == std::chrono::milliseconds(seconds * 1000));
  const std::string reply = clew::wire::EncodeExportTraceResponse(size, bytes);
  CHECK(ReadRejectedSpans(reply).value() == size);
  return 0;
}
