// SPDX-License-Identifier: Apache-2.0
#include "serve/tempo_traces.h"

#include <optional>
#include <string>
#include <utility>

#include "query/trace_lookup.h"
#include "serve/search_parameters.h"
#include "wire/otlp_json_writer.h"
#include "wire/otlp_writer.h"

namespace clew::serve {
namespace {

constexpr std::string_view kProtobuf = "application/protobuf";

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

// Writes the trace to `sink`; false when there is none.
bool WriteTrace(const store::Memtable* memtable, const model::TraceId& id, model::SpanSink& sink) {
  return memtable != nullptr && query::WriteTrace(*memtable, id, sink);
}

// The trace in protobuf (OTLP's TracesData); empty when there is none.
std::string ProtobufOf(const store::Memtable* memtable, const model::TraceId& id) {
  wire::OtlpWriter writer;
  if (!WriteTrace(memtable, id, writer)) return {};
  return std::move(writer).Take();
}

// The trace in JSON, as an array of resource spans; empty when there is none.
std::string JsonOf(const store::Memtable* memtable, const model::TraceId& id) {
  wire::OtlpJsonWriter writer;
  if (!WriteTrace(memtable, id, writer)) return {};
  return std::move(writer).Take();
}

// A length-delimited protobuf field of number 1.
std::string FirstField(std::string_view bytes) {
  std::string out = "\x0a";
  size_t size = bytes.size();
  for (; size >= 0x80; size >>= 7) out.push_back(static_cast<char>((size & 0x7f) | 0x80));
  out.push_back(static_cast<char>(size));
  return out.append(bytes);
}

}  // namespace

ApiReply TraceById(const ApiRequest& request, const store::Memtable* memtable) {
  const base::Result<model::TraceId> id = ParseRequest(request);
  if (!id.ok()) return TextReply(400, id.error().message);
  const bool protobuf = WantsProtobuf(request);
  std::string trace = protobuf ? ProtobufOf(memtable, id.value()) : JsonOf(memtable, id.value());
  if (trace.empty()) return TextReply(404, "");
  if (protobuf) return ProtobufReply(std::move(trace));
  return {.body = "{\"batches\":" + trace + "}"};
}

ApiReply TraceByIdV2(const ApiRequest& request, const store::Memtable* memtable) {
  const base::Result<model::TraceId> id = ParseRequest(request);
  if (!id.ok()) return TextReply(400, id.error().message);
  if (WantsProtobuf(request)) return ProtobufReply(FirstField(ProtobufOf(memtable, id.value())));
  const std::string trace = JsonOf(memtable, id.value());
  if (trace.empty()) return {.body = "{\"trace\":{},\"metrics\":{}}"};
  return {.body = "{\"trace\":{\"resourceSpans\":" + trace + "},\"metrics\":{}}"};
}

}  // namespace clew::serve
