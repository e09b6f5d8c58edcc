// SPDX-License-Identifier: Apache-2.0
#include "serve/traceql_query.h"

#include <string>
#include <utility>

#include "traceql/parser.h"
#include "traceql/validate.h"

namespace clew::serve {
namespace {

base::Error InvalidQuery(const std::string& why) {
  return {base::ErrorCode::kInvalidArgument, "invalid TraceQL query: " + why};
}

}  // namespace

base::Result<traceql::Query> ParseTraceql(std::string_view text) {
  traceql::ParseResult<traceql::Query> query = traceql::Parse(text);
  if (!query.ok()) return InvalidQuery(query.error().MessageWithHint());
  const traceql::ValidationStatus valid = traceql::Validate(query.value());
  if (!valid.ok()) return InvalidQuery(valid.error().message);
  return std::move(query).value();
}

base::Result<traceql::SpansetPipeline> ParseSpansetPipeline(std::string_view text) {
  traceql::Query query = TRY(ParseTraceql(text));
  auto* const pipeline = std::get_if<traceql::SpansetPipeline>(&query.root);
  if (pipeline != nullptr) return std::move(*pipeline);
  return InvalidQuery(
      "it computes metrics, which /api/metrics/query_range answers; a search takes "
      "spans, as in { status = error }");
}

}  // namespace clew::serve
