// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <thread>
#include <vector>

#include "base/mutex.h"

namespace clew::query {

// Threads that all queries share: while they have nothing else to do they take parts of what a
// query goes through. A query works on its own thread as well and waits for no other to begin, so
// that with no threads, or with all of them busy, it does everything itself. Thread-safe.
class ScanThreads {
 public:
  // So many beside those that queries run on.
  explicit ScanThreads(size_t threads);
  ~ScanThreads();
  ScanThreads(const ScanThreads&) = delete;
  ScanThreads& operator=(const ScanThreads&) = delete;

  // Of a query, at most.
  size_t workers() const { return threads_.size() + 1; }

  // Calls `visit(part, worker)` once for each part below `parts`; they begin in ascending order.
  // A worker is a number below workers(), and has one part at a time; 0 is the calling thread.
  // All of it is done when this returns.
  using Visit = std::function<void(size_t part, size_t worker)>;
  void ForEach(size_t parts, const Visit& visit);

 private:
  // What one query shares out. Its caller has it, and it is in jobs_ while it has parts left.
  struct Job {
    const Visit& visit;
    const size_t parts;
    size_t next = 0;     // part
    size_t workers = 1;  // that have come so far
    size_t working = 0;  // threads of ours
  };
  void Run();
  // Does parts of it until there are none left.
  void Work(Job& job, size_t worker) REQUIRES_LOCK(mutex_);

  base::Mutex mutex_;
  base::CondVar changed_;  // a job came, or is done, or all is over
  std::list<Job*> jobs_ GUARDED_BY(mutex_);
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

// The same of threads that may be null: then the calling thread does everything.
size_t WorkersOf(const ScanThreads* threads);
void ForEachPart(ScanThreads* threads, size_t parts, const ScanThreads::Visit& visit);
// Calls `visit(first, end)` for ranges of `size` at most, which make up [0, count).
void ForEachRange(ScanThreads* threads, size_t count, size_t size,
                  const std::function<void(size_t first, size_t end)>& visit);

}  // namespace clew::query
