// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "query/eval/mentioned_fields.h"
#include "query/metrics/series.h"
#include "query/selected_span.h"

namespace clew::query {

// Spans to show for a series: in each interval the first two, by (start, trace id, span id),
// that are of different traces. One thread.
class ExemplarPicker {
 public:
  base::Status Offer(const SelectedSpan& span, uint32_t interval, double value,
                     const std::vector<MentionedField>& mentioned);
  // False when no span that starts then or later is picked.
  bool MayTake(uint32_t interval, int64_t start_unix_nano) const;
  // By (interval, start, trace id).
  std::vector<Exemplar> Take();

 private:
  struct Pick {
    model::SpanId span_id;
    Exemplar exemplar;
    bool IsBefore(const Pick& other) const;
  };
  std::unordered_map<uint32_t, std::vector<Pick>> picks_;  // by interval, in their order
};

}  // namespace clew::query
