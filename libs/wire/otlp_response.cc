// SPDX-License-Identifier: Apache-2.0
#include "wire/otlp_response.h"

#include "wire/json_writer.h"
#include "wire/protobuf_writer.h"

namespace clew::wire {
namespace {

constexpr std::string_view kRetryInfo = "type.googleapis.com/google.rpc.RetryInfo";

}  // namespace

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
    out.Bytes(1, kRetryInfo);
    const size_t value = out.Open(2);
    const size_t delay = out.Open(1);
    out.VarintUnlessZero(1, static_cast<uint64_t>(*retry_after_seconds));
    out.Close(delay);
    out.Close(value);
    out.Close(detail);
  }
  return out.Take();
}

std::string ExportTraceResponseJson(uint64_t rejected_spans, std::string_view message) {
  JsonWriter out;
  out.BeginObject();
  if (rejected_spans != 0 || !message.empty()) {
    out.Key("partialSuccess");
    out.BeginObject();
    out.Key("rejectedSpans");
    out.NumberAsString(static_cast<int64_t>(rejected_spans));
    out.Key("errorMessage");
    out.String(message);
    out.EndObject();
  }
  out.EndObject();
  return out.Take();
}

std::string RpcStatusJson(int code, std::string_view message,
                          std::optional<int> retry_after_seconds) {
  JsonWriter out;
  out.BeginObject();
  out.Key("code");
  out.Number(int64_t{code});
  out.Key("message");
  out.String(message);
  if (retry_after_seconds) {
    out.Key("details");
    out.BeginArray();
    out.BeginObject();
    out.Key("@type");
    out.String(kRetryInfo);
    out.Key("retryDelay");
    out.String(std::to_string(*retry_after_seconds) + "s");
    out.EndObject();
    out.EndArray();
  }
  out.EndObject();
  return out.Take();
}

}  // namespace clew::wire
