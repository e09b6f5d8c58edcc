// SPDX-License-Identifier: Apache-2.0
#include "wire/otlp_response.h"

#include "wire/protobuf_writer.h"

namespace clew::wire {

std::string EncodeExportTraceResponse(uint64_t rejected_spans, std::string_view message) {
  ProtobufWriter out;
  if (rejected_spans != 0 || !message.empty()) {
    const size_t partial_success = out.Open(1);
    out.VarintUnlessZero(1, rejected_spans);
    out.BytesUnlessEmpty(2, message);
    out.Close(partial_success);
  }
  return out.Take();
}

std::string EncodeRpcStatus(int code, std::string_view message,
                            std::optional<int> retry_after_seconds) {
  ProtobufWriter out;
  out.VarintUnlessZero(1, static_cast<uint64_t>(static_cast<int64_t>(code)));
  out.BytesUnlessEmpty(2, message);
  if (retry_after_seconds) {
    const size_t detail = out.Open(3);
    out.Bytes(1, "type.googleapis.com/google.rpc.RetryInfo");
    const size_t value = out.Open(2);
    const size_t delay = out.Open(1);
    out.VarintUnlessZero(1, static_cast<uint64_t>(*retry_after_seconds));
    out.Close(delay);
    out.Close(value);
    out.Close(detail);
  }
  return out.Take();
}

}  // namespace clew::wire
