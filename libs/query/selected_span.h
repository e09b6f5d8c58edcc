// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

#include "base/result.h"
#include "model/ids.h"
#include "query/eval/field_set.h"

namespace clew::query {

// A span that a query selects.
struct SelectedSpan {
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

// Takes spans one by one. One thread.
class SpanTaker {
 public:
  virtual ~SpanTaker() = default;
  virtual base::Status Add(const SelectedSpan& span) = 0;
};

}  // namespace clew::query
