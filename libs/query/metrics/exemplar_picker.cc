// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/exemplar_picker.h"

#include <algorithm>
#include <bit>
#include <tuple>
#include <utility>

#include "query/eval/spanset.h"

namespace clew::query {

bool ExemplarPicker::Pick::IsBefore(const Pick& other) const {
  return std::tie(exemplar.unix_nano, exemplar.trace_id, span_id) <
         std::tie(other.exemplar.unix_nano, other.exemplar.trace_id, other.span_id);
}

size_t ExemplarPicker::HashOfPlace::operator()(const Place& place) const {
  const uint64_t mixed =
      (place.origin.group << 20 ^ place.interval ^ std::bit_cast<uint64_t>(place.origin.bucket)) *
      0x9E3779B97F4A7C15;
  return mixed ^ mixed >> 29;
}

base::Status ExemplarPicker::Offer(const Place& place, const SelectedSpan& span, double value,
                                   const std::vector<MentionedField>& mentioned) {
  if (!MayTake(place, span.start_unix_nano)) return {};
  const SelectedSpan::Ids ids = TRY(span.ids());
  Pick pick{ids.span_id,
            {.trace_id = ids.trace_id,
             .unix_nano = span.start_unix_nano,
             .interval = place.interval,
             .value = value}};
  const auto known = picks_.find(place);
  if (known != picks_.end() && !pick.IsBefore(known->second)) return {};
  for (const MentionedField& field : mentioned) {
    const Value of_span = TRY(span.fields.Get(*field.expr))->Evaluate(span.at);
    const bool has = std::ranges::any_of(
        pick.exemplar.labels, [&](const AnswerAttribute& one) { return one.key == field.key; });
    if (!has && !of_span.is_nil()) pick.exemplar.labels.push_back(AttributeOf(field.key, of_span));
  }
  picks_.insert_or_assign(place, std::move(pick));
  return {};
}

void ExemplarPicker::Join(const ExemplarPicker& other, const std::vector<size_t>& groups) {
  for (const auto& [place, pick] : other.picks_) {
    Place ours = place;
    ours.origin.group = groups[place.origin.group];
    Join(ours, pick);
  }
}

void ExemplarPicker::Join(const ExemplarPicker& other) {
  for (const auto& [place, pick] : other.picks_) Join(place, pick);
}

void ExemplarPicker::Join(const Place& place, const Pick& pick) {
  const auto [known, is_new] = picks_.try_emplace(place, pick);
  if (!is_new && pick.IsBefore(known->second)) known->second = pick;
}

bool ExemplarPicker::MayTake(const Place& place, int64_t start_unix_nano) const {
  const auto pick = picks_.find(place);
  return pick == picks_.end() || start_unix_nano <= pick->second.exemplar.unix_nano;
}

const Exemplar* ExemplarPicker::Find(const Place& place) const {
  const auto pick = picks_.find(place);
  return pick == picks_.end() ? nullptr : &pick->second.exemplar;
}

}  // namespace clew::query
