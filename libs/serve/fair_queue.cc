// SPDX-License-Identifier: Apache-2.0
#include "serve/fair_queue.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace clew::serve {

FairQueue::FairQueue(size_t capacity) : capacity_(capacity) {
  CHECK(capacity > size_t{0});
}

bool FairQueue::TryPush(const std::string& tenant, Work&& work) {
  std::optional<Work> refused;
  {
    const base::MutexLock lock(mutex_);
    if (closed_) return false;
    if (size_ >= capacity_) {
      const auto own = waiting_.find(tenant);
      refused = TakeOfTheLongest(own == waiting_.end() ? 0 : own->second.size());
      if (!refused) return false;
    }
    std::deque<Work>& of_tenant = waiting_[tenant];
    if (of_tenant.empty()) turns_.push_back(tenant);
    of_tenant.push_back(std::move(work));
    ++size_;
  }
  filled_.NotifyOne();
  if (refused) refused->refuse();
  return true;
}

std::optional<FairQueue::Work> FairQueue::TakeOfTheLongest(size_t own) {
  const auto longest = std::ranges::max_element(
      waiting_, {}, [](const auto& of_tenant) { return of_tenant.second.size(); });
  if (longest == waiting_.end() || longest->second.size() < own + 2) return std::nullopt;
  std::deque<Work>& works = longest->second;
  const auto newest = std::ranges::find_if(works.rbegin(), works.rend(),
                                           [](const Work& work) { return work.refuse != nullptr; });
  if (newest == works.rend()) return std::nullopt;
  std::optional<Work> taken(std::move(*newest));
  works.erase(std::next(newest).base());
  --size_;
  return taken;
}

std::optional<FairQueue::Work> FairQueue::Pop() {
  const base::MutexLock lock(mutex_);
  while (size_ == 0 && !closed_) filled_.Wait(mutex_);
  if (size_ == 0) return std::nullopt;
  const auto next = waiting_.find(turns_.front());
  turns_.pop_front();
  std::optional<Work> work(std::move(next->second.front()));
  next->second.pop_front();
  --size_;
  if (next->second.empty()) {
    waiting_.erase(next);
  } else {
    turns_.push_back(next->first);
  }
  return work;
}

void FairQueue::Close() {
  {
    const base::MutexLock lock(mutex_);
    closed_ = true;
  }
  filled_.NotifyAll();
}

}  // namespace clew::serve
