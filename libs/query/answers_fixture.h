// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "model/ids.h"
#include "query/search.h"
#include "query/tags.h"
#include "store/sources.h"

// For tests: what queries answer, as texts that are equal when the answers are.
namespace clew::query {

std::string TextOf(const SearchResult& result);
// The names of all tags and the values of some, of every scope.
std::string TagsOf(const store::Sources& sources, const TimeRange& range);
// All that the answer to a trace's id says, its spans in no order of theirs.
std::string TraceTextOf(const store::Sources& sources, const model::TraceId& trace_id);
// How often each attribute is there, and the sum of its numbers, over some traces.
std::string SumsOf(const store::Sources& sources, const std::vector<model::TraceId>& trace_ids);

}  // namespace clew::query
