// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/exemplar_picker.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "query/eval/spanset.h"

namespace clew::query {
namespace {

constexpr size_t kMostOfInterval = 2;

}  // namespace

bool ExemplarPicker::Pick::IsBefore(const Pick& other) const {
  return std::tie(exemplar.unix_nano, exemplar.trace_id, span_id) <
         std::tie(other.exemplar.unix_nano, other.exemplar.trace_id, other.span_id);
}

base::Status ExemplarPicker::Offer(const SelectedSpan& span, uint32_t interval, double value,
                                   const std::vector<MentionedField>& mentioned) {
  std::vector<Pick>& picks = picks_[interval];
  const bool full = picks.size() == kMostOfInterval;
  if (full && span.start_unix_nano > picks.back().exemplar.unix_nano) return {};
  const SelectedSpan::Ids ids = TRY(span.ids());
  Pick pick{ids.span_id,
            {.trace_id = ids.trace_id,
             .unix_nano = span.start_unix_nano,
             .interval = interval,
             .value = value}};
  const auto same = std::ranges::find_if(
      picks, [&](const Pick& one) { return one.exemplar.trace_id == ids.trace_id; });
  if (same != picks.end()) {
    if (!pick.IsBefore(*same)) return {};
    picks.erase(same);
  } else if (full) {
    if (!pick.IsBefore(picks.back())) return {};
    picks.pop_back();
  }
  for (const MentionedField& field : mentioned) {
    const Value of_span = TRY(span.fields.Get(*field.expr))->Evaluate(span.at);
    const bool known = std::ranges::any_of(
        pick.exemplar.labels, [&](const AnswerAttribute& one) { return one.key == field.key; });
    if (!known && !of_span.is_nil())
      pick.exemplar.labels.push_back(AttributeOf(field.key, of_span));
  }
  const auto place =
      std::ranges::find_if(picks, [&](const Pick& one) { return pick.IsBefore(one); });
  picks.insert(place, std::move(pick));
  return {};
}

bool ExemplarPicker::MayTake(uint32_t interval, int64_t start_unix_nano) const {
  const auto picks = picks_.find(interval);
  if (picks == picks_.end() || picks->second.size() < kMostOfInterval) return true;
  return start_unix_nano <= picks->second.back().exemplar.unix_nano;
}

std::vector<Exemplar> ExemplarPicker::Take() {
  std::map<uint32_t, std::vector<Pick>> ordered;
  for (auto& [interval, picks] : picks_) ordered.emplace(interval, std::move(picks));
  std::vector<Exemplar> exemplars;
  for (auto& [interval, picks] : ordered) {
    for (Pick& pick : picks) exemplars.push_back(std::move(pick.exemplar));
  }
  return exemplars;
}

}  // namespace clew::query
