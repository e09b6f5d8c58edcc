// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "traceql/ast.h"

namespace clew::query {

// A field that a query mentions, as a span in an answer says it.
struct MentionedField {
  std::string key;  // "http.method" for span.http.method; "status"
  const traceql::FieldExpr* expr;
};

// Each once, in the order of their first mention, whatever it is mentioned for. Not what an
// answer says of every span or trace anyway: names, durations, ids and the root. The query
// outlives them.
std::vector<MentionedField> MentionedFields(const traceql::SpansetPipeline& pipeline);
std::vector<MentionedField> MentionedFields(const traceql::MetricsQuery& query);

// The keys of all attributes that a query asks of spans, for whatever purpose; but what compare()
// asks, which is all. Texts of the query.
std::vector<std::string_view> MentionedKeys(const traceql::SpansetPipeline& pipeline);
std::vector<std::string_view> MentionedKeys(const traceql::MetricsQuery& query);
std::vector<std::string_view> MentionedKeys(const std::vector<traceql::FieldExpr>& fields);

// The attributes and intrinsics that decide which traces a query finds, those of none() too; not
// what is only shown, grouped or sorted by.
std::vector<const traceql::FieldExpr*> SelectingFields(const traceql::SpansetPipeline& pipeline);

}  // namespace clew::query
