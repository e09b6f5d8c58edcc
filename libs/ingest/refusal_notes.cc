// SPDX-License-Identifier: Apache-2.0
#include "ingest/refusal_notes.h"

#include <string>

#include "ingest/limits.h"

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
  Keep(body.tenant, why);
}

void RefusalNotes::Reject(Receiver receiver, std::string_view tenant, std::string_view why) {
  Of(receiver).rejected.Note("left spans out of a body " + Origin(receiver, tenant) + ": " +
                             std::string(why));
  Keep(tenant, why);
}

void RefusalNotes::Drop(Receiver receiver, uint64_t datagrams) {
  counters_.CountDropped(receiver, datagrams);
  Of(receiver).dropped.Note("dropped " + std::to_string(datagrams) + " datagrams " +
                            Origin(receiver, {}) + ": they came faster than they could be stored");
}

void RefusalNotes::Keep(std::string_view tenant, std::string_view why) {
  const base::MutexLock lock(mutex_);
  auto found = last_.find(tenant);
  if (found == last_.end()) {
    if (last_.size() == kNotedTenants) return;
    found = last_.emplace(tenant, std::string()).first;
  }
  found->second.assign(why.substr(0, kNotedRefusalBytes));
}

std::string RefusalNotes::LastOf(std::string_view tenant) const {
  const base::MutexLock lock(mutex_);
  const auto found = last_.find(tenant);
  return found == last_.end() ? std::string() : found->second;
}

}  // namespace clew::ingest
