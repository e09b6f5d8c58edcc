// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "query/eval/mentioned_fields.h"
#include "query/metrics/series.h"
#include "query/selected_span.h"

namespace clew::query {

// Spans to show for series: in each interval the first by (start, trace id, span id). One thread.
class ExemplarPicker {
 public:
  // A sample.
  struct Place {
    SeriesOrigin origin;
    uint32_t interval = 0;
    bool operator==(const Place&) const = default;
  };

  base::Status Offer(const Place& place, const SelectedSpan& span, double value,
                     const std::vector<MentionedField>& mentioned);
  // False when no span that starts then or later is picked.
  bool MayTake(const Place& place, int64_t start_unix_nano) const;
  // All that were offered to another, whose group i is groups[i] here.
  void Join(const ExemplarPicker& other, const std::vector<size_t>& groups);
  // The same where they are the same.
  void Join(const ExemplarPicker& other);
  // Null: no span was offered.
  const Exemplar* Find(const Place& place) const;

 private:
  struct Pick {
    model::SpanId span_id;
    Exemplar exemplar;
    bool IsBefore(const Pick& other) const;
  };
  void Join(const Place& place, const Pick& pick);
  struct HashOfPlace {
    size_t operator()(const Place& place) const;
  };
  std::unordered_map<Place, Pick, HashOfPlace> picks_;
};

}  // namespace clew::query
