// SPDX-License-Identifier: Apache-2.0
// A query is asked of the traces that have spans in blocks whose time is over, and of each as a
// whole, so that nothing depends on how a trace is spread over blocks. Most traces lie in
// these blocks alone: of those the columns tell which may match. The few that have spans elsewhere
// too, where the one that matches may be, are all looked at.
#include "query/keep_rule.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <stop_token>
#include <utility>

#include "base/check.h"
#include "query/cancellation.h"
#include "query/condition_filter.h"
#include "query/eval/pipeline.h"
#include "query/left_out.h"
#include "query/span_scan.h"
#include "query/trace_reader.h"

namespace clew::query {
namespace {

using Blocks = std::vector<std::shared_ptr<const store::Block>>;

constexpr TimeRange kAllTimes;

// The traces of some blocks that have spans in other sources too.
class Scattered {
 public:
  Scattered(const Blocks& blocks, const store::Sources& sources, std::stop_token stopped,
            LeftOut& left_out)
      : blocks_(blocks),
        sources_(sources),
        cancellation_(std::move(stopped)),
        left_out_(left_out) {}

  base::Result<std::vector<model::TraceId>> Find() {
    for (const auto& block : blocks_) {
      for (const store::Fragment& fragment : TRY(block->ReadFragments())) {
        ids_.push_back(fragment.trace_id);
      }
    }
    std::ranges::sort(ids_);
    ids_.erase(std::ranges::unique(ids_).begin(), ids_.end());
    scattered_.resize(ids_.size());
    TRY(LookElsewhere());
    if (cancellation_.Look()) return QueryCancelled();
    std::vector<model::TraceId> found;
    for (size_t i = 0; i < ids_.size(); ++i) {
      if (scattered_[i]) found.push_back(ids_[i]);
    }
    return found;
  }

 private:
  // One source after the other, so that its index stays at hand.
  base::Status LookElsewhere() {
    for (const auto& memtable : sources_.memtables) {
      TRY(Look([&](const model::TraceId& id) -> base::Result<bool> {
        return !memtable->RowsOf(id).empty();
      }));
    }
    for (const auto& block : sources_.blocks) {
      if (std::ranges::find(blocks_, block) != blocks_.end()) continue;
      const base::Status looked = Look([&](const model::TraceId& id) -> base::Result<bool> {
        return !TRY(block->Candidates(id)).empty();
      });
      TRY(LeftOut::Note(looked, &left_out_));
    }
    return {};
  }

  base::Status Look(const std::function<base::Result<bool>(const model::TraceId&)>& has) {
    for (size_t i = 0; i < ids_.size() && !cancellation_.CancelledAfterRow(); ++i) {
      if (!scattered_[i]) scattered_[i] = TRY(has(ids_[i]));
    }
    return {};
  }

  const Blocks& blocks_;
  const store::Sources& sources_;
  Cancellation cancellation_;
  LeftOut& left_out_;
  std::vector<model::TraceId> ids_;
  std::vector<bool> scattered_;  // by trace
};

// Asks queries of the traces of expired blocks.
class Selecting {
 public:
  // All that is given outlives it.
  Selecting(const Blocks& expired, const store::Sources& sources, const std::stop_token& stopped)
      : expired_{.memtables = {}, .blocks = expired}, sources_(sources), stopped_(stopped) {}

  base::Result<store::Selection> Run(const std::vector<KeepQuery>& queries) {
    scattered_ = TRY(Scattered(expired_.blocks, sources_, stopped_, left_out_).Find());
    for (const KeepQuery& query : queries) TRY(Ask(query));
    for (auto& [age_ns, traces] : selection_.kept_ns) std::ranges::sort(traces);
    selection_.left_out = left_out_.reasons();
    return std::move(selection_);
  }

 private:
  base::Status Ask(const KeepQuery& query) {
    Regexes regexes;
    SpanScan scan(expired_, kAllTimes, regexes, stopped_, nullptr);
    std::vector<model::TraceId> traces =
        TRY(scan.TracesWith(ConditionFilter(ConditionOf(query.pipeline, regexes))));
    traces.insert(traces.end(), scattered_.begin(), scattered_.end());
    TraceReader reader(sources_, kAllTimes, regexes, stopped_, &left_out_);
    for (const model::TraceId& trace_id : traces) {
      if (kept_.contains(trace_id)) continue;
      if (stopped_.stop_requested()) return QueryCancelled();
      const std::optional<TraceReader::Trace> trace = TRY(reader.Read(trace_id));
      if (!trace) continue;
      const PipelineOutcome outcome =
          TRY(PipelineEvaluator(trace->fields).Evaluate(query.pipeline, trace->view));
      if (outcome.spansets.empty()) continue;
      kept_.insert(trace_id);
      selection_.kept_ns[query.age_ns].push_back(trace_id);
    }
    return {};
  }

  const store::Sources expired_;
  const store::Sources& sources_;
  const std::stop_token& stopped_;
  LeftOut left_out_;
  std::vector<model::TraceId> scattered_;
  std::set<model::TraceId> kept_;
  store::Selection selection_;
};

class TraceqlKeepRule final : public store::KeepRule {
 public:
  // REQUIRES: the longest of the queries stands first.
  explicit TraceqlKeepRule(std::vector<KeepQuery> queries) : queries_(std::move(queries)) {}

  base::Result<store::Selection> Select(const Blocks& expired, const store::Sources& sources,
                                        const std::stop_token& stopped) const override {
    return Selecting(expired, sources, stopped).Run(queries_);
  }
  int64_t longest_ns() const override { return queries_.front().age_ns; }

 private:
  const std::vector<KeepQuery> queries_;
};

}  // namespace

base::Result<std::shared_ptr<const store::KeepRule>> MakeKeepRule(std::vector<KeepQuery> queries) {
  CHECK(!queries.empty());
  for (const KeepQuery& query : queries) {
    if (HasLimit(query.pipeline)) {
      return base::Error{base::ErrorCode::kInvalidArgument,
                         "limit() is about all traces, and each is kept or not for itself"};
    }
    TRY(CheckSpansetOperators(query.pipeline));
  }
  std::ranges::sort(queries, std::greater<>(), &KeepQuery::age_ns);
  return std::shared_ptr<const store::KeepRule>(
      std::make_shared<TraceqlKeepRule>(std::move(queries)));
}

}  // namespace clew::query
