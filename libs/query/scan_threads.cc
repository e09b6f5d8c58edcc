// SPDX-License-Identifier: Apache-2.0
#include "query/scan_threads.h"

#include <algorithm>
#include <csignal>

#include "base/thread_name.h"

namespace clew::query {

ScanThreads::ScanThreads(size_t threads) {
  threads_.reserve(threads);
  // Signals are for the thread that waits for them, which may be to block them only later.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  for (size_t i = 0; i < threads; ++i) {
    threads_.emplace_back([this] {
      base::NameThread("scan");
      Run();
    });
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

ScanThreads::~ScanThreads() {
  {
    const base::MutexLock lock(mutex_);
    stopping_ = true;
    changed_.NotifyAll();
  }
  for (std::thread& thread : threads_) thread.join();
}

void ScanThreads::ForEach(size_t parts, const Visit& visit) {
  Job job{.visit = visit, .parts = parts};
  const base::MutexLock lock(mutex_);
  jobs_.push_back(&job);
  if (parts > 1) changed_.NotifyAll();
  Work(job, 0);
  while (job.working > 0) changed_.Wait(mutex_);
}

void ScanThreads::Run() {
  const base::MutexLock lock(mutex_);
  while (!stopping_) {
    if (jobs_.empty()) {
      changed_.Wait(mutex_);
      continue;
    }
    Job& job = *jobs_.front();
    ++job.working;
    Work(job, job.workers++);
    if (--job.working == 0) changed_.NotifyAll();
  }
}

void ScanThreads::Work(Job& job, size_t worker) {
  while (job.next < job.parts) {
    const size_t part = job.next++;
    if (job.next == job.parts) jobs_.remove(&job);
    mutex_.Unlock();
    job.visit(part, worker);
    mutex_.Lock();
  }
  jobs_.remove(&job);  // it may have had none
}

size_t WorkersOf(const ScanThreads* threads) {
  return threads == nullptr ? 1 : threads->workers();
}

void ForEachPart(ScanThreads* threads, size_t parts, const ScanThreads::Visit& visit) {
  if (threads != nullptr) return threads->ForEach(parts, visit);
  for (size_t part = 0; part < parts; ++part) visit(part, 0);
}

void ForEachRange(ScanThreads* threads, size_t count, size_t size,
                  const std::function<void(size_t first, size_t end)>& visit) {
  ForEachPart(threads, (count + size - 1) / size,
              [&](size_t part, size_t) { visit(part * size, std::min(count, (part + 1) * size)); });
}

}  // namespace clew::query
