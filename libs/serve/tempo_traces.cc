// SPDX-License-Identifier: Apache-2.0
#include "serve/tempo_traces.h"

#include <optional>
#include <string>
#include <utility>

#include "query/trace_lookup.h"
#include "serve/search_parameters.h"
#include "wire/json_writer.h"
#include "wire/otlp_json_writer.h"
#include "wire/otlp_writer.h"
#include "wire/protobuf_writer.h"

namespace clew::serve {
namespace {

constexpr std::string_view kProtobuf = "application/protobuf";

// Of Tempo's TraceByIDResponse.
constexpr uint32_t kTraceField = 1;
constexpr uint32_t kStatusField = 3;
constexpr uint32_t kMessageField = 4;
constexpr uint64_t kPartial = 1;

bool WantsProtobuf(const ApiRequest& request) {
  return request.accept.find(kProtobuf) != std::string::npos;
}

ApiReply ProtobufReply(std::string body) {
  return {.status = 200, .content_type = std::string(kProtobuf), .body = std::move(body)};
}

// The id of the path, or the 400 that says what is wrong with the request. The
// time range is a hint of where to look; a lookup by id needs none.
base::Result<model::TraceId> ParseRequest(const ApiRequest& request) {
  const std::optional<model::TraceId> id = model::TraceId::FromHex(request.path_argument);
  if (!id) {
    return base::Error{
        base::ErrorCode::kInvalidArgument,
        "trace IDs can only contain 1 to 32 hex digits: '" + request.path_argument + "'"};
  }
  TRY(ParseTimeRange(request));
  return *id;
}

// A trace as it was asked for: protobuf (OTLP's TracesData), or the JSON array of
// its resource spans.
struct EncodedTrace {
  std::string text;
  query::WrittenTrace written;
};

base::Result<EncodedTrace> ReadTrace(const ApiRequest& request, const store::Sources& sources,
                                     query::LeftOut& left_out) {
  const model::TraceId id = TRY(ParseRequest(request));
  const auto write = [&](model::SpanSink& sink) {
    return query::WriteTrace(sources, id, sink, request.cancelled, &left_out);
  };
  EncodedTrace trace;
  if (WantsProtobuf(request)) {
    wire::OtlpWriter writer;
    trace.written = TRY(write(writer));
    trace.text = writer.Take();
  } else {
    wire::OtlpJsonWriter writer(wire::JsonDialect::kTempo);
    trace.written = TRY(write(writer));
    trace.text = writer.Take();
  }
  // A block that cannot be read may have it, so nobody may say that there is none.
  if (trace.written.span_count == 0 && !left_out.empty()) {
    return base::Error{base::ErrorCode::kCorruption, left_out.reasons().front()};
  }
  return trace;
}

// Says what is missing, or how many copies were folded; empty when there is neither.
std::string MessageOf(const query::WrittenTrace& written, const query::LeftOut& left_out) {
  if (!left_out.empty()) return "spans may be missing: " + left_out.reasons().front();
  if (written.folded_count == 0) return {};
  if (written.folded_count == 1) return "1 equal copy of a span is folded";
  return std::to_string(written.folded_count) + " equal copies of spans are folded";
}

std::string AsJson(const std::string& text) {
  wire::JsonWriter out;
  out.String(text);
  return out.Take();
}

}  // namespace

ApiReply TraceById(const ApiRequest& request, const store::Sources& sources,
                   query::LeftOut& left_out) {
  base::Result<EncodedTrace> trace = ReadTrace(request, sources, left_out);
  if (!trace.ok()) return ErrorReply(trace.error());
  if (trace.value().written.span_count == 0) return TextReply(404, "");
  if (WantsProtobuf(request)) return ProtobufReply(std::move(trace).value().text);
  return {.body = "{\"batches\":" + trace.value().text + "}"};
}

ApiReply TraceByIdV2(const ApiRequest& request, const store::Sources& sources,
                     query::LeftOut& left_out) {
  const base::Result<EncodedTrace> trace = ReadTrace(request, sources, left_out);
  if (!trace.ok()) return ErrorReply(trace.error());
  const auto& [text, written] = trace.value();
  const std::string message = MessageOf(written, left_out);
  if (WantsProtobuf(request)) {
    wire::ProtobufWriter response;
    response.Bytes(kTraceField, text);
    if (!left_out.empty()) response.Varint(kStatusField, kPartial);
    response.BytesUnlessEmpty(kMessageField, message);
    return ProtobufReply(response.Take());
  }
  if (written.span_count == 0) return {.body = "{\"trace\":{},\"metrics\":{}}"};
  std::string json = R"({"trace":{"resourceSpans":)" + text + R"(},"metrics":{})";
  if (!left_out.empty()) json += R"(,"status":"PARTIAL")";
  if (!message.empty()) json += R"(,"message":)" + AsJson(message);
  return {.body = json + "}"};
}

}  // namespace clew::serve
