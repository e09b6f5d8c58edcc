// SPDX-License-Identifier: Apache-2.0
#include "reference/search.h"

#include <algorithm>
#include <utility>

#include "reference/mentioned_fields.h"
#include "reference/pipeline_evaluator.h"

namespace clew::reference {
namespace {

using MentionedFieldList = std::vector<const traceql::FieldExpr*>;

FoundSpan FoundSpanOf(const SpanInTrace& span, const MentionedFieldList& fields) {
  return {.span_id = span.span().span_id,
          .name = span.span().name,
          .start_ns = span.span().start_ns,
          .duration_ns = Difference(span.span().end_ns, span.span().start_ns),
          .attributes = MentionedAttributes(fields, span)};
}

FoundSpanset FoundSpansetOf(const AssembledTrace& trace, const Spanset& spanset,
                            const MentionedFieldList& fields, size_t wanted) {
  FoundSpanset found{.matched = spanset.spans.size(), .spans = {}, .attributes = spanset.values};
  for (const size_t place : spanset.spans) {
    if (wanted != 0 && found.spans.size() == wanted) break;
    found.spans.push_back(FoundSpanOf({&trace, place}, fields));
  }
  return found;
}

FoundTrace FoundTraceOf(const TraceMatch& match, const MentionedFieldList& fields, size_t wanted) {
  const AssembledTrace& trace = *match.trace;
  FoundTrace found{.trace_id = trace.trace_id,
                   .root_service_name = trace.root ? ServiceOf(*trace.root) : kRootNotReceived,
                   .root_name = trace.root ? trace.root->name : "",
                   .start_ns = trace.start_ns,
                   .duration_ns = trace.duration_ns,
                   .services = trace.services,
                   .spansets = {}};
  for (const Spanset& spanset : match.spansets) {
    found.spansets.push_back(FoundSpansetOf(trace, spanset, fields, wanted));
  }
  return found;
}

}  // namespace

base::Result<std::vector<FoundTrace>> EvaluateSearch(const traceql::Query& query,
                                                     const std::vector<Trace>& traces,
                                                     const SearchOptions& options) {
  const auto* const pipeline = std::get_if<traceql::SpansetPipeline>(&query.root);
  if (pipeline == nullptr) {
    return base::Error{base::ErrorCode::kInvalidArgument, "a metrics query finds no traces"};
  }
  const SpanRange range{.from_ns = options.start_ns.value_or(INT64_MIN),
                        .to_ns = options.end_ns.value_or(INT64_MAX),
                        .horizon_ns = options.horizon_ns};
  std::vector<AssembledTrace> assembled;
  for (const Trace& trace : traces) {
    std::optional<AssembledTrace> one = Assemble(trace, range);
    if (one) assembled.push_back(*std::move(one));
  }
  PipelineEvaluator evaluator;
  Matches matches = TRY(evaluator.Run(*pipeline, InitialMatches(assembled)));
  if (matches.size() > options.limit) matches.resize(options.limit);
  const MentionedFieldList fields = MentionedFields(*pipeline);
  std::vector<FoundTrace> found;
  for (const TraceMatch& match : matches) {
    found.push_back(FoundTraceOf(match, fields, options.spans_per_spanset));
  }
  return found;
}

}  // namespace clew::reference
