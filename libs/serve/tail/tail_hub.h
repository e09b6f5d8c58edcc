// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "ingest/ingestor.h"

namespace clew::serve {

// A body that was stored, shared by all who follow.
struct TailBody {
  ingest::IngestRequest request;
  uint64_t spans = 0;
};

// What waits for one who follows: at most kMaxTailBytes of bodies. A body for which there is no
// room is not kept; its spans are counted. Thread-safe.
class TailQueue {
 public:
  explicit TailQueue(std::string tenant) : tenant_(std::move(tenant)) {}

  const std::string& tenant() const { return tenant_; }
  void Offer(const std::shared_ptr<const TailBody>& body);

  struct Taken {
    std::vector<std::shared_ptr<const TailBody>> bodies;  // in the order in which they came
    uint64_t skipped_spans = 0;                           // since the last call
    bool empty() const { return bodies.empty() && skipped_spans == 0; }
  };
  Taken Take();

 private:
  const std::string tenant_;
  base::Mutex mutex_;
  Taken waiting_ GUARDED_BY(mutex_);
  size_t bytes_ GUARDED_BY(mutex_) = 0;
};

// Brings every body that is stored to all who follow its tenant at that time. Thread-safe.
class TailHub {
 public:
  // One more who follows a tenant, until the queue is let go; null when there are kMaxTails
  // already.
  std::shared_ptr<TailQueue> Follow(std::string tenant);
  // Costs nothing while nobody follows.
  void OnStored(const ingest::IngestRequest& request, uint64_t spans);

 private:
  void ForgetGone() REQUIRES_LOCK(mutex_);

  base::Mutex mutex_;
  std::vector<std::weak_ptr<TailQueue>> queues_ GUARDED_BY(mutex_);
};

}  // namespace clew::serve
