// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <semaphore>
#include <thread>
#include <vector>

#include "base/mutex.h"

namespace clew::serve {

// Threads for work that would hold up a loop's sockets, behind a bounded queue.
// Thread-safe. The destructor finishes what is queued.
class WorkerPool {
 public:
  WorkerPool(size_t threads, size_t queue_limit);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // False, and nothing done, when the queue is full.
  [[nodiscard]] bool TryPost(std::function<void()> work);

 private:
  void Run();

  const size_t queue_limit_;
  base::Mutex mutex_;
  std::deque<std::function<void()>> queue_ GUARDED_BY(mutex_);
  std::counting_semaphore<> waiting_{0};  // one for each entry, and one a thread at the end
  std::vector<std::thread> threads_;
};

}  // namespace clew::serve
