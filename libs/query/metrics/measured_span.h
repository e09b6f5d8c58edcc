// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/result.h"
#include "model/ids.h"
#include "query/eval/field_set.h"
#include "query/metrics/series.h"

namespace clew::query {

// A span that a metrics query selects.
struct MeasuredSpan {
  SpanAt at{};
  int64_t start_unix_nano = 0;
  FieldSet& fields;  // of its source
  // Its ids, which are read only where they are wanted.
  struct Ids {
    model::TraceId trace_id;
    model::SpanId span_id;
  };
  const std::function<base::Result<Ids>()>& ids;
};

// Takes spans one by one and makes series of them. One thread.
class SpanMeasure {
 public:
  virtual ~SpanMeasure() = default;
  virtual base::Status Add(const MeasuredSpan& span) = 0;
  virtual std::vector<Series> Take() = 0;
};

}  // namespace clew::query
