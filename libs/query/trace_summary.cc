// SPDX-License-Identifier: Apache-2.0
#include "query/trace_summary.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "query/time_range.h"

namespace clew::query {

// Of several roots the first counts, whatever order they came in.
void TraceSummaryBuilder::AddRoot(const Root& root) {
  const auto own = std::tie(root_start_, root_span_id_, root_service_, root_name_);
  const std::string service(root.service);
  const std::string name(root.name);
  if (root_found_ && own <= std::tie(root.start_unix_nano, root.span_id, service, name)) return;
  root_found_ = true;
  root_start_ = root.start_unix_nano;
  root_span_id_ = root.span_id;
  root_service_ = service;
  root_name_ = name;
}

void TraceSummaryBuilder::Add(const Span& span) {
  start_ = std::min(start_, span.start_unix_nano);
  end_ = std::max({end_, span.start_unix_nano, span.end_unix_nano});
  auto found = services_.find(span.service);
  if (found == services_.end()) found = services_.emplace(span.service, ServiceStats()).first;
  ++found->second.span_count;
  if (span.error) ++found->second.error_count;
  if (!span.parent_span_id.IsValid()) {
    AddRoot({span.start_unix_nano, span.span_id, span.service, span.name});
  }
}

void TraceSummaryBuilder::Add(const store::TraceRow& part) {
  start_ = std::min(start_, part.start_unix_nano);
  end_ = std::max(end_, part.end_unix_nano);
  for (const store::ServiceCount& service : part.services) {
    ServiceStats& stats = services_[service.service];
    stats.span_count += service.spans;
    stats.error_count += service.errors;
  }
  if (part.root_found) {
    AddRoot({part.root_start_unix_nano, part.root_span_id, part.root_service, part.root_name});
  }
}

TraceSummary TraceSummaryBuilder::Take(const model::TraceId& trace_id) {
  TraceSummary summary{.trace_id = trace_id,
                       .root_found = root_found_,
                       .root_service = std::move(root_service_),
                       .root_name = std::move(root_name_),
                       .start_unix_nano = start_,
                       .duration_ns = DurationBetween(start_, end_)};
  for (auto& [name, stats] : services_) {
    stats.service = name;
    summary.services.push_back(std::move(stats));
  }
  return summary;
}

}  // namespace clew::query
