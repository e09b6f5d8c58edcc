// SPDX-License-Identifier: Apache-2.0
#include "serve/tempo_traces.h"

#include <optional>
#include <string>
#include <utility>

#include "query/trace_lookup.h"
#include "serve/search_parameters.h"
#include "serve/trace_body.h"
#include "wire/json_writer.h"
#include "wire/protobuf_writer.h"

namespace clew::serve {
namespace {

// Of Tempo's TraceByIDResponse.
constexpr uint32_t kTraceField = 1;
constexpr uint32_t kStatusField = 3;
constexpr uint32_t kMessageField = 4;
constexpr uint64_t kPartial = 1;

bool WantsProtobuf(const ApiRequest& request) {
  return request.accept.find("application/protobuf") != std::string::npos;
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

base::Result<query::FoundTrace> FindTrace(const ApiRequest& request, const store::Sources& sources,
                                          query::LeftOut& left_out) {
  const model::TraceId id = TRY(ParseRequest(request));
  query::FoundTrace trace = TRY(query::FindTrace(sources, id, request.cancelled, &left_out));
  // A block that cannot be read may have it, so nobody may say that there is none.
  if (trace.rows.empty() && !left_out.empty()) {
    return base::Error{base::ErrorCode::kCorruption, left_out.reasons().front()};
  }
  return trace;
}

// Says what is missing, or how many copies were folded; empty when there is neither.
std::string MessageOf(const query::FoundTrace& trace, const query::LeftOut& left_out) {
  if (!left_out.empty()) return "spans may be missing: " + left_out.reasons().front();
  if (trace.folded_count == 0) return {};
  if (trace.folded_count == 1) return "1 equal copy of a span is folded";
  return std::to_string(trace.folded_count) + " equal copies of spans are folded";
}

std::string AsJson(const std::string& text) {
  wire::JsonWriter out;
  out.String(text);
  return out.Take();
}

}  // namespace

ApiReply TraceById(const ApiRequest& request, const store::Sources& sources,
                   query::LeftOut& left_out) {
  base::Result<query::FoundTrace> trace = FindTrace(request, sources, left_out);
  if (!trace.ok()) return ErrorReply(trace.error());
  if (trace.value().rows.empty()) return TextReply(404, "");
  if (WantsProtobuf(request)) return ProtobufTrace(request, std::move(trace).value(), {});
  return JsonTrace(request, std::move(trace).value(), {R"({"batches":)", "}"});
}

ApiReply TraceByIdV2(const ApiRequest& request, const store::Sources& sources,
                     query::LeftOut& left_out) {
  base::Result<query::FoundTrace> trace = FindTrace(request, sources, left_out);
  if (!trace.ok()) return ErrorReply(trace.error());
  const std::string message = MessageOf(trace.value(), left_out);
  if (WantsProtobuf(request)) {
    wire::ProtobufWriter after;
    if (!left_out.empty()) after.Varint(kStatusField, kPartial);
    after.BytesUnlessEmpty(kMessageField, message);
    return ProtobufTrace(request, std::move(trace).value(),
                         {.field = kTraceField, .after = after.Take()});
  }
  if (trace.value().rows.empty()) return {.body = R"({"trace":{},"metrics":{}})"};
  std::string after = R"(},"metrics":{})";
  if (!left_out.empty()) after += R"(,"status":"PARTIAL")";
  if (!message.empty()) after += R"(,"message":)" + AsJson(message);
  return JsonTrace(request, std::move(trace).value(),
                   {R"({"trace":{"resourceSpans":)", after + "}"});
}

}  // namespace clew::serve
