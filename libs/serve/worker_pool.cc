// SPDX-License-Identifier: Apache-2.0
#include "serve/worker_pool.h"

#include <utility>

namespace clew::serve {

WorkerPool::WorkerPool(size_t threads, size_t queue_limit) : queue_limit_(queue_limit) {
  for (size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { Run(); });
}

WorkerPool::~WorkerPool() {
  waiting_.release(static_cast<std::ptrdiff_t>(threads_.size()));
  for (std::thread& thread : threads_) thread.join();
}

bool WorkerPool::TryPost(std::function<void()> work) {
  {
    const base::MutexLock lock(mutex_);
    if (queue_.size() >= queue_limit_) return false;
    queue_.push_back(std::move(work));
  }
  waiting_.release();
  return true;
}

void WorkerPool::Run() {
  while (true) {
    waiting_.acquire();
    std::function<void()> work;
    {
      const base::MutexLock lock(mutex_);
      if (queue_.empty()) return;  // The destructor's release: there is one for each thread.
      work = std::move(queue_.front());
      queue_.pop_front();
    }
    work();
  }
}

}  // namespace clew::serve
