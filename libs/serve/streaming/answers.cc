// SPDX-License-Identifier: Apache-2.0
#include "serve/streaming/answers.h"

#include <algorithm>
#include <utility>

#include "serve/streaming/answer_parts.h"
#include "serve/streaming/message_packer.h"
#include "serve/streaming/progress_feed.h"
#include "serve/streaming/search_diffs.h"
#include "serve/tag_answers.h"
#include "serve/tempo_metrics.h"
#include "serve/tempo_search.h"

namespace clew::serve {
namespace {

using Messages = base::Result<std::vector<std::string>>;

// A job is a memtable or a block; one that has nothing to do is done as well.
uint64_t JobsOf(const store::Sources& sources) {
  return std::max<uint64_t>(sources.memtables.size() + sources.blocks.size(), 1);
}

// The messages of an answer that is whole with the last of them.
template <typename MetricsPart>
Messages WholeAnswer(MessagePacker packer, uint64_t jobs, MetricsPart metrics_part) {
  const JobProgress before{.completed = jobs - 1, .total = jobs};
  const JobProgress done{.completed = jobs, .total = jobs};
  return std::move(packer).Finish(metrics_part(before), metrics_part(done));
}

template <typename Item, typename Part>
Messages TagAnswer(const base::Result<std::vector<Item>>& items, const store::Sources& sources,
                   Part part) {
  if (!items.ok()) return items.error();
  MessagePacker packer;
  for (const Item& item : items.value()) TRY(packer.Add(part(item)));
  return WholeAnswer(std::move(packer), JobsOf(sources), MetadataMetricsPart);
}

template <typename Part>
Messages MetricsAnswer(const base::Result<query::MetricsAnswer>& answer, uint64_t jobs, Part part) {
  if (!answer.ok()) return answer.error();
  MessagePacker packer;
  for (const query::Series& series : answer.value().series) TRY(packer.Add(part(series)));
  return WholeAnswer(std::move(packer), jobs,
                     [](const JobProgress& progress) { return SearchMetricsPart(progress, {}); });
}

}  // namespace

Messages StreamSearch(const ApiRequest& request, QueryRun& run, AnswerFeed& feed) {
  SearchDiffs diffs(feed);
  const query::SearchResult result = TRY(FindTraces(request, run, &diffs));
  // What the listener has heard of are the first traces of the answer.
  const std::vector<std::string> heard = diffs.TakeParts();
  MessagePacker packer;
  TRY(packer.AddAll(heard));
  for (size_t i = heard.size(); i < result.traces.size(); ++i) {
    TRY(packer.Add(TracePart(result.traces[i])));
  }
  const Inspected inspected{.traces = result.inspected_traces, .bytes = result.inspected_bytes};
  return WholeAnswer(std::move(packer), JobsOf(run.sources), [&](const JobProgress& progress) {
    return SearchMetricsPart(progress, inspected);
  });
}

Messages StreamTagNames(const ApiRequest& request, QueryRun& run, AnswerFeed& /*feed*/) {
  return TagAnswer(ReadTagNames(request, run), run.sources, TextPart);
}

Messages StreamTagScopes(const ApiRequest& request, QueryRun& run, AnswerFeed& /*feed*/) {
  const std::vector<ScopeNames> scopes = TRY(ReadTagScopes(request, run));
  MessagePacker packer;
  for (const ScopeNames& scope : scopes) {
    TRY(packer.AddAll(ScopeParts(scope.scope, scope.names)));
  }
  return WholeAnswer(std::move(packer), JobsOf(run.sources), MetadataMetricsPart);
}

Messages StreamTagTexts(const ApiRequest& request, QueryRun& run, AnswerFeed& /*feed*/) {
  return TagAnswer(ReadTagTexts(request, run), run.sources, TextPart);
}

Messages StreamTagValues(const ApiRequest& request, QueryRun& run, AnswerFeed& /*feed*/) {
  return TagAnswer(ReadTagValues(request, run), run.sources, TagValuePart);
}

// A series is known when all spans are counted, so until then there is only progress to tell.
Messages StreamRange(const ApiRequest& request, QueryRun& run, AnswerFeed& feed) {
  ProgressFeed progress(feed);
  const auto answer = ComputeMetrics(request, run, false, &progress);
  return MetricsAnswer(answer, progress.jobs(), [&](const query::Series& series) {
    return RangePart(answer.value().timestamps, series);
  });
}

Messages StreamInstant(const ApiRequest& request, QueryRun& run, AnswerFeed& feed) {
  ProgressFeed progress(feed);
  const auto answer = ComputeMetrics(request, run, true, &progress);
  return MetricsAnswer(answer, progress.jobs(), InstantPart);
}

}  // namespace clew::serve
