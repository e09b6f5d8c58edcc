// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "reference/field_lookup.h"
#include "reference/spanset.h"
#include "traceql/ast.h"

namespace clew::reference {

// The attributes and intrinsics that a query speaks of, each once, in the order of its text.
// Borrows them from the query.
std::vector<const traceql::FieldExpr*> MentionedFields(const traceql::SpansetPipeline& pipeline);
std::vector<const traceql::FieldExpr*> MentionedFields(const traceql::MetricsQuery& query);

// What a span has to say to them: the attributes that come back with it, by their names
// without scope, each name once. Those are left out that a result has a place of its own for.
std::vector<NamedValue> MentionedAttributes(const std::vector<const traceql::FieldExpr*>& fields,
                                            const SpanInTrace& span);

}  // namespace clew::reference
