// SPDX-License-Identifier: Apache-2.0
#include "query/search.h"

#include <algorithm>
#include <string>
#include <utility>

#include "query/tag_filter.h"
#include "query/tag_match.h"
#include "query/trace_ranking.h"

namespace clew::query {
namespace {

bool IsOfTrace(const TagPredicate& predicate) {
  return predicate.key == "root.name" || predicate.key == "root.service.name";
}

std::vector<TagPredicate> OnSpans(const std::vector<TagPredicate>& tags) {
  std::vector<TagPredicate> predicates;
  for (const TagPredicate& predicate : tags) {
    if (!IsOfTrace(predicate)) predicates.push_back(predicate);
  }
  return predicates;
}

// Tests what a search asks of traces as a whole.
class TagJudge final : public TraceJudge {
 public:
  explicit TagJudge(const SearchRequest& request) : request_(request) {}

  base::Result<bool> Accepts(TraceSummary& trace) override {
    if (request_.min_duration_ns && trace.duration_ns < *request_.min_duration_ns) return false;
    if (request_.max_duration_ns && trace.duration_ns > *request_.max_duration_ns) return false;
    return std::ranges::all_of(request_.tags, [&](const TagPredicate& predicate) {
      if (!IsOfTrace(predicate)) return true;
      const std::string& text = predicate.key == "root.name" ? trace.root_name : trace.root_service;
      return trace.root_found && ContainsIgnoringCase(text, predicate.value);
    });
  }

 private:
  const SearchRequest& request_;
};

}  // namespace

base::Result<SearchResult> Search(const store::Sources& sources, const SearchRequest& request,
                                  std::stop_token cancelled, LeftOut* left_out) {
  const TagFilter filter(OnSpans(request.tags));
  TagJudge judge(request);
  return RankTraces(sources,
                    {filter, request.range, request.limit, request.listener, request.memory}, judge,
                    std::move(cancelled), left_out);
}

}  // namespace clew::query
