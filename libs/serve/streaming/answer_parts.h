// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "query/metrics/metrics_query.h"
#include "query/search.h"
#include "query/tags.h"

// The parts of the answers of tempopb.StreamingQuerier: each is the bytes of some fields of
// its message. They say what the JSON of the same question says.
namespace clew::serve {

// SearchResponse. Where a trace is too large for a message, its spansets have less spans.
std::string TracePart(const query::TraceSummary& trace);

// QueryRangeResponse: without its exemplars where these make it too large for a message.
// QueryInstantResponse has one sample of each series.
std::string RangePart(const std::vector<int64_t>& timestamps, const query::Series& series);
std::string InstantPart(const query::Series& series);

// SearchTagsResponse and SearchTagValuesResponse.
std::string TextPart(std::string_view text);
// SearchTagValuesV2Response.
std::string TagValuePart(const query::TagValue& value);
// SearchTagsV2Response: a scope once, unless its names are too many for a message.
std::vector<std::string> ScopeParts(std::string_view scope, const std::vector<std::string>& names);

// How far an answer is, for a progress bar.
struct JobProgress {
  uint64_t completed = 0, total = 1;
};
// SearchMetrics, which MetricsQueryRange and MetricsQueryInstant send as well.
struct Inspected {
  uint64_t traces = 0, bytes = 0;
};
std::string SearchMetricsPart(const JobProgress& progress, const Inspected& inspected);
// MetadataMetrics, of answers about tags.
std::string MetadataMetricsPart(const JobProgress& progress);

}  // namespace clew::serve
