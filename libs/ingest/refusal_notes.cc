// SPDX-License-Identifier: Apache-2.0
#include "ingest/refusal_notes.h"

#include <string>

namespace clew::ingest {
namespace {

// "over otlp_http, of tenant shop"
std::string Origin(Receiver receiver, std::string_view tenant) {
  std::string origin = "over " + std::string(NameOf(receiver));
  if (!tenant.empty()) origin.append(", of tenant ").append(tenant);
  return origin;
}

}  // namespace

void RefusalNotes::Refuse(const RefusedBody& body, std::string_view why) {
  counters_.CountRefused(body.receiver, body.tenant, body.reason, body.bytes);
  Of(body.receiver)
      .refused[static_cast<size_t>(body.reason)]
      .Note("refused a body (" + std::string(NameOf(body.reason)) + ") " +
            Origin(body.receiver, body.tenant) + ": " + std::string(why));
}

void RefusalNotes::Reject(Receiver receiver, std::string_view tenant, std::string_view why) {
  Of(receiver).rejected.Note("left spans out of a body " + Origin(receiver, tenant) + ": " +
                             std::string(why));
}

void RefusalNotes::Drop(Receiver receiver, uint64_t datagrams) {
  counters_.CountDropped(receiver, datagrams);
  Of(receiver).dropped.Note("dropped " + std::to_string(datagrams) + " datagrams " +
                            Origin(receiver, {}) + ": they came faster than they could be stored");
}

}  // namespace clew::ingest
