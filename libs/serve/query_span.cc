// SPDX-License-Identifier: Apache-2.0
#include "serve/query_span.h"

#include <string>

#include "serve/tenant.h"

namespace clew::serve {

std::unique_ptr<model::OwnSpan> BeginQuerySpan(model::Tracer* tracer, std::string_view call,
                                               const ApiRequest& request) {
  if (tracer == nullptr || !request.span) return nullptr;
  return tracer->Begin(
      {.name = "query " + std::string(call), .tenant = TenantOf(request), .parent = request.span});
}

void NoteQuery(model::OwnSpan& span, const QueryRecord& record, const base::Status& status) {
  span.SetText("clew.query", record.query);
  span.SetNumber("clew.read_bytes", record.counters.bytes);
  span.SetNumber("clew.blocks", record.counters.blocks);
  span.SetNumber("clew.spans", record.counters.rows);
  span.SetNumber("clew.traces", record.counters.traces);
  span.SetNumber("clew.memory_bytes", record.memory_bytes);
  span.SetNumber("clew.results", record.results);
  if (record.status >= 500) {
    span.Fail(status.ok() ? std::string_view() : std::string_view(status.error().message));
  }
}

}  // namespace clew::serve
