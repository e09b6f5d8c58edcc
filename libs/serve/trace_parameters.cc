// SPDX-License-Identifier: Apache-2.0
#include "serve/trace_parameters.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <variant>

#include "query/span_scan.h"
#include "serve/search_parameters.h"
#include "serve/traceql_query.h"
#include "traceql/intrinsics.h"

namespace clew::serve {
namespace {

using traceql::Intrinsic;

// As Go reads them.
base::Result<bool> ParseBool(std::string_view name, std::string_view text) {
  static constexpr std::array<std::string_view, 6> kTrue = {"1", "t", "T", "true", "TRUE", "True"};
  static constexpr std::array<std::string_view, 6> kFalse = {"0",     "f",     "F",
                                                             "false", "FALSE", "False"};
  if (std::ranges::find(kTrue, text) != kTrue.end()) return true;
  if (std::ranges::find(kFalse, text) != kFalse.end()) return false;
  return base::Invalid("invalid " + std::string(name) + ": parsing \"" + std::string(text) +
                       "\": invalid syntax");
}

base::Result<uint32_t> ParseLevels(const ApiRequest& request, std::string_view name,
                                   uint32_t without) {
  const std::optional<std::string_view> text = request.Parameter(name);
  if (!text) return without;
  if (*text == "-1") return query::TraceFilter::kAllLevels;
  if (text->starts_with('-')) {
    return base::Invalid("invalid " + std::string(name) +
                         ": must be -1 for all levels, or how many");
  }
  return ParseNumber(name, *text);
}

// What of an expression tells of the whole trace; nullopt: nothing.
std::optional<Intrinsic> OfTrace(const traceql::FieldExpr& expr) {
  static constexpr std::array kOfTrace = {Intrinsic::kTraceDuration, Intrinsic::kRootName,
                                          Intrinsic::kRootServiceName, Intrinsic::kTraceId};
  if (const auto* intrinsic = std::get_if<Intrinsic>(&expr.node)) {
    if (std::ranges::find(kOfTrace, *intrinsic) != kOfTrace.end()) return *intrinsic;
  } else if (const auto* unary = std::get_if<traceql::FieldUnary>(&expr.node)) {
    return OfTrace(*unary->operand);
  } else if (const auto* binary = std::get_if<traceql::FieldBinary>(&expr.node)) {
    const std::optional<Intrinsic> left = OfTrace(*binary->left);
    return left ? left : OfTrace(*binary->right);
  } else if (const auto* logical = std::get_if<traceql::FieldLogical>(&expr.node)) {
    for (const traceql::FieldExpr& operand : logical->operands) {
      if (const std::optional<Intrinsic> found = OfTrace(operand)) return found;
    }
  }
  return std::nullopt;
}

}  // namespace

base::Result<model::TraceId> ParseTraceId(const ApiRequest& request) {
  const std::optional<model::TraceId> id = model::TraceId::FromHex(request.path_argument);
  if (!id) {
    return base::Invalid("trace IDs can only contain 1 to 32 hex digits: '" +
                         request.path_argument + "'");
  }
  TRY(ParseTimeRange(request));
  return *id;
}

base::Result<std::optional<query::TraceFilter>> ParseTraceFilter(const ApiRequest& request) {
  const std::optional<std::string_view> q = request.Parameter("q");
  if (!q) return std::optional<query::TraceFilter>();
  traceql::SpansetPipeline pipeline = TRY(ParseSpansetPipeline(*q));
  const traceql::SpansetFilter* const only = query::OnlyFilter(pipeline);
  if (only == nullptr) {
    return base::Invalid(
        "invalid TraceQL query: a trace is filtered by one filter of spans, as in "
        "{ status = error }, without a pipeline or structure");
  }
  if (only->expr != nullptr) {
    if (const std::optional<Intrinsic> of_trace = OfTrace(*only->expr)) {
      return base::Invalid(
          "invalid TraceQL query: " + traceql::NameOf(*of_trace) +
          " is the same for all spans of a trace, which is filtered by what its spans "
          "are");
    }
  }
  const bool keep_hierarchy =
      TRY(ParseBool("keep_hierarchy", request.Parameter("keep_hierarchy").value_or("false")));
  query::TraceFilter filter{.pipeline = std::move(pipeline)};
  filter.levels_below = TRY(ParseLevels(request, "match_depth", 0));
  if (keep_hierarchy) {
    filter.levels_above =
        TRY(ParseLevels(request, "ancestor_depth", query::TraceFilter::kAllLevels));
  }
  return std::optional(std::move(filter));
}

}  // namespace clew::serve
