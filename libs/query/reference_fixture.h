// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "model/span_sink.h"
#include "query/layouts_fixture.h"
#include "query/metrics/metrics_query.h"
#include "query/search.h"
#include "reference/metrics.h"
#include "reference/search.h"
#include "reference/span.h"

// For tests: between the plain values that the reference evaluates and what the engine has.
namespace clew::query {

// Announces a span with its resource and scope.
void Announce(const model::TraceId& trace_id, const reference::Span& span, model::SpanSink& sink);

// Each span for itself; `traces` outlive them.
std::vector<Layouts::Part> PartsOf(const std::vector<reference::Trace>& traces);

// Answers of the engine, as the reference would give them.
std::vector<reference::FoundTrace> AsReference(const SearchResult& result);
reference::MetricsAnswer AsReference(const MetricsAnswer& answer);

}  // namespace clew::query
