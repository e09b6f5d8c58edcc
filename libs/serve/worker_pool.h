// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <thread>
#include <vector>

#include "serve/fair_queue.h"

namespace clew::serve {

// Threads for work that would hold up a loop's sockets, behind a queue that is fair to tenants.
// Thread-safe. The destructor finishes what is queued.
class WorkerPool {
 public:
  WorkerPool(size_t threads, size_t queue_limit);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // False, and nothing done, when the queue has no room for a tenant.
  [[nodiscard]] bool TryPost(const std::string& tenant, FairQueue::Work work);

 private:
  FairQueue queue_;
  std::vector<std::thread> threads_;
};

}  // namespace clew::serve
