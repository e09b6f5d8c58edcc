// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/ids.h"
#include "model/span_sink.h"
#include "query/search.h"
#include "store/traces_table.h"

namespace clew::query {

// What a search says of a trace, put together from parts of it that lie in several
// places: spans one by one, or summaries of blocks. In any order it comes to the same.
class TraceSummaryBuilder {
 public:
  struct Span {
    int64_t start_unix_nano = 0, end_unix_nano = 0;
    model::SpanId span_id, parent_span_id;
    std::string_view service, name;
    bool error = false;
  };
  void Add(const Span& span);
  void Add(const store::TraceRow& part);

  bool empty() const { return services_.empty(); }
  int64_t start_unix_nano() const { return start_; }
  // REQUIRES: !empty()
  TraceSummary Take(const model::TraceId& trace_id);

 private:
  struct Root {
    int64_t start_unix_nano = 0;
    model::SpanId span_id;
    std::string_view service, name;
  };
  void AddRoot(const Root& root);

  int64_t start_ = INT64_MAX, end_ = INT64_MIN;
  bool root_found_ = false;
  int64_t root_start_ = 0;
  model::SpanId root_span_id_;
  std::string root_service_, root_name_;
  std::map<std::string, ServiceStats, std::less<>> services_;
};

}  // namespace clew::query
