// SPDX-License-Identifier: Apache-2.0
#include "serve/tail/tail_hub.h"

#include <utility>

#include "serve/limits.h"

namespace clew::serve {

void TailQueue::Offer(const std::shared_ptr<const TailBody>& body) {
  const base::MutexLock lock(mutex_);
  const size_t size = body->request.body.size();
  if (bytes_ + size > kMaxTailBytes) {
    waiting_.skipped_spans += body->spans;
    return;
  }
  bytes_ += size;
  waiting_.bodies.push_back(body);
}

TailQueue::Taken TailQueue::Take() {
  const base::MutexLock lock(mutex_);
  bytes_ = 0;
  return std::exchange(waiting_, {});
}

std::shared_ptr<TailQueue> TailHub::Follow(std::string tenant) {
  const base::MutexLock lock(mutex_);
  ForgetGone();
  if (queues_.size() >= kMaxTails) return nullptr;
  auto queue = std::make_shared<TailQueue>(std::move(tenant));
  queues_.push_back(queue);
  return queue;
}

void TailHub::OnStored(const ingest::IngestRequest& request, uint64_t spans) {
  const base::MutexLock lock(mutex_);
  ForgetGone();
  if (queues_.empty()) return;
  const auto body = std::make_shared<const TailBody>(TailBody{.request = request, .spans = spans});
  for (const std::weak_ptr<TailQueue>& weak : queues_) {
    const std::shared_ptr<TailQueue> queue = weak.lock();
    if (queue != nullptr && queue->tenant() == request.tenant) queue->Offer(body);
  }
}

void TailHub::ForgetGone() {
  std::erase_if(queues_, [](const std::weak_ptr<TailQueue>& queue) { return queue.expired(); });
}

}  // namespace clew::serve
