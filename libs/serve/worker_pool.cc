// SPDX-License-Identifier: Apache-2.0
#include "serve/worker_pool.h"

#include <optional>
#include <utility>

#include "base/thread_name.h"

namespace clew::serve {

WorkerPool::WorkerPool(size_t threads, size_t queue_limit) : queue_(queue_limit) {
  for (size_t i = 0; i < threads; ++i) {
    threads_.emplace_back([this] {
      base::NameThread("query");
      while (std::optional<FairQueue::Work> work = queue_.Pop()) work->run();
    });
  }
}

WorkerPool::~WorkerPool() {
  queue_.Close();
  for (std::thread& thread : threads_) thread.join();
}

bool WorkerPool::TryPost(const std::string& tenant, FairQueue::Work work) {
  return queue_.TryPush(tenant, std::move(work));
}

}  // namespace clew::serve
