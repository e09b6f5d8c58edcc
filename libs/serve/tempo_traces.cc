// SPDX-License-Identifier: Apache-2.0
#include "serve/tempo_traces.h"

#include <optional>
#include <string>
#include <utility>

#include "query/trace_filter.h"
#include "query/trace_lookup.h"
#include "serve/trace_body.h"
#include "serve/trace_parameters.h"
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

std::string AsJson(const std::string& text) {
  wire::JsonWriter out;
  out.String(text);
  return out.Take();
}

}  // namespace

base::Result<query::FoundTrace> FindTrace(const ApiRequest& request, QueryRun& run,
                                          const TraceFinder& find) {
  const model::TraceId id = TRY(ParseTraceId(request));
  query::FoundTrace trace =
      TRY(find ? find(id)
               : query::FindTrace(run.sources, id,
                                  {.cancelled = request.cancelled, .left_out = &run.notes}));
  // A block that cannot be read may have it, so nobody may say that there is none.
  if (trace.rows.empty() && !run.notes.empty()) {
    return base::Error{base::ErrorCode::kCorruption, run.notes.reasons().front()};
  }
  run.results = trace.rows.size();
  return trace;
}

TraceRemarks RemarksOn(const query::FoundTrace& trace, const query::RunNotes& notes,
                       size_t filtered_out) {
  TraceRemarks remarks{.partial = !notes.empty() || filtered_out > 0};
  const auto add = [&](const std::string& sentence) {
    remarks.message += (remarks.message.empty() ? "" : "; ") + sentence;
  };
  if (!notes.empty()) add("spans may be missing: " + notes.reasons().front());
  if (filtered_out > 0) {
    add("Trace filtered, only a subset of spans matching the filter is returned");
  }
  if (!remarks.message.empty() || trace.folded_count == 0) return remarks;
  add(trace.folded_count == 1
          ? "1 equal copy of a span is folded"
          : std::to_string(trace.folded_count) + " equal copies of spans are folded");
  return remarks;
}

base::Result<ApiReply> TraceById(const ApiRequest& request, QueryRun& run) {
  query::FoundTrace trace = TRY(FindTrace(request, run));
  if (trace.rows.empty()) return TextReply(404, "");
  if (WantsProtobuf(request)) return ProtobufTrace(request, std::move(trace), {});
  return JsonTrace(request, std::move(trace), {R"({"batches":)", "}"});
}

base::Result<ApiReply> TraceByIdV2(const ApiRequest& request, QueryRun& run) {
  const std::optional<query::TraceFilter> filter = TRY(ParseTraceFilter(request));
  query::FoundTrace trace = TRY(FindTrace(request, run));
  const size_t filtered_out = filter ? TRY(query::FilterTrace(*filter, trace)) : 0;
  const TraceRemarks remarks = RemarksOn(trace, run.notes, filtered_out);
  if (WantsProtobuf(request)) {
    wire::ProtobufWriter after;
    if (remarks.partial) after.Varint(kStatusField, kPartial);
    after.BytesUnlessEmpty(kMessageField, remarks.message);
    return ProtobufTrace(request, std::move(trace), {.field = kTraceField, .after = after.Take()});
  }
  std::string after = R"(,"metrics":{})";
  if (remarks.partial) after += R"(,"status":"PARTIAL")";
  if (!remarks.message.empty()) after += R"(,"message":)" + AsJson(remarks.message);
  after += "}";
  if (trace.rows.empty()) return ApiReply{.body = R"({"trace":{})" + after};
  return JsonTrace(request, std::move(trace), {R"({"trace":{"resourceSpans":)", "}" + after});
}

}  // namespace clew::serve
