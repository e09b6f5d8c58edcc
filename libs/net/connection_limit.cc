// SPDX-License-Identifier: Apache-2.0
#include "net/connection_limit.h"

#include <sys/resource.h>

#include <algorithm>
#include <string>
#include <utility>

#include "base/log.h"
#include "net/limits.h"

namespace clew::net {

bool ConnectionLimit::Enter() {
  const base::MutexLock lock(mutex_);
  const bool full = counters_.open >= most_;
  full ? ++counters_.refused : ++counters_.open;
  if (counters_.open >= most_ - most_ / kSpareConnectionsShare) CloseIdle();
  return !full;
}

void ConnectionLimit::Leave() {
  const base::MutexLock lock(mutex_);
  --counters_.open;
}

void ConnectionLimit::OnShortage(std::function<bool()> close_idle) {
  const base::MutexLock lock(mutex_);
  close_idle_.push_back(std::move(close_idle));
}

ConnectionLimit::Counters ConnectionLimit::counters() const {
  const base::MutexLock lock(mutex_);
  return counters_;
}

void ConnectionLimit::CloseIdle() {
  const auto now = std::chrono::steady_clock::now();
  if (now - last_shortage_ < kConnectionShortageInterval) return;
  last_shortage_ = now;
  base::LogWarning(std::to_string(counters_.open) + " of at most " + std::to_string(most_) +
                   " connections are open: those that do nothing are closed");
  std::erase_if(close_idle_, [](const std::function<bool()>& close) { return !close(); });
}

uint64_t RaiseDescriptorLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  if (limit.rlim_cur < limit.rlim_max) {
    const rlimit raised{.rlim_cur = limit.rlim_max, .rlim_max = limit.rlim_max};
    if (setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  }
  return limit.rlim_cur;
}

size_t ConnectionsWithin(uint64_t descriptors) {
  if (descriptors == 0) return kMaxConnections;
  return std::min<uint64_t>(kMaxConnections, descriptors - descriptors / kFileDescriptorsShare);
}

}  // namespace clew::net
