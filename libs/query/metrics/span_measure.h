// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "query/metrics/series.h"
#include "query/selected_span.h"

namespace clew::query {

// Makes series of the spans it takes. One thread.
class SpanMeasure : public SpanTaker {
 public:
  virtual std::vector<Series> Take() = 0;
};

}  // namespace clew::query
