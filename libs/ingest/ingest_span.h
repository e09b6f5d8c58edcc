// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "ingest/ingestor.h"
#include "model/tracer.h"

namespace clew::ingest {

// The span of a body from when all of it has come to its acknowledgement. Null for most, without a
// tracer for all.
std::unique_ptr<model::OwnSpan> BeginIngestSpan(model::Tracer* tracer,
                                                const IngestRequest& request);
void NoteTaken(model::OwnSpan& span, const Taken& taken);

}  // namespace clew::ingest
