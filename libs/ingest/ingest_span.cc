// SPDX-License-Identifier: Apache-2.0
#include "ingest/ingest_span.h"

namespace clew::ingest {

std::unique_ptr<model::OwnSpan> BeginIngestSpan(model::Tracer* tracer,
                                                const IngestRequest& request) {
  if (tracer == nullptr) return nullptr;
  auto span = tracer->Begin(
      {.name = "ingest", .tenant = request.tenant, .kind = model::SpanKind::kConsumer});
  if (span == nullptr) return nullptr;
  span->SetText("clew.receiver", NameOf(request.receiver));
  span->SetNumber("clew.received_bytes", request.body.size());
  return span;
}

void NoteTaken(model::OwnSpan& span, const Taken& taken) {
  const wire::BodySummary& body = taken.body.summary;
  span.SetNumber("clew.accepted_spans", taken.duplicate ? 0 : body.accepted_spans);
  span.SetNumber("clew.rejected_spans", body.rejected_spans);
}

}  // namespace clew::ingest
