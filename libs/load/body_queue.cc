// SPDX-License-Identifier: Apache-2.0
#include "load/body_queue.h"

#include <utility>

#include "base/check.h"

namespace clew::load {

BodyQueue::BodyQueue(size_t capacity, std::function<void()> wake)
    : capacity_(capacity), wake_(std::move(wake)) {
  CHECK(capacity > 0);
}

bool BodyQueue::Push(Body body) {
  bool waits = false;
  {
    const base::MutexLock lock(mutex_);
    while (bodies_.size() >= capacity_ && !abandoned_) taken_.Wait(mutex_);
    if (abandoned_) return false;
    bodies_.push_back(std::move(body));
    waits = std::exchange(sender_waits_, false);
  }
  if (waits) wake_();
  return true;
}

void BodyQueue::Finish() {
  {
    const base::MutexLock lock(mutex_);
    finished_ = true;
  }
  wake_();
}

base::ByteBuffer BodyQueue::TakeEmpty() {
  const base::MutexLock lock(mutex_);
  if (empty_.empty()) return {};
  base::ByteBuffer bytes = std::move(empty_.back());
  empty_.pop_back();
  return bytes;
}

std::optional<Body> BodyQueue::TryTake() {
  std::optional<Body> body;
  {
    const base::MutexLock lock(mutex_);
    sender_waits_ = bodies_.empty();
    if (sender_waits_) return std::nullopt;
    body = std::move(bodies_.front());
    bodies_.pop_front();
  }
  taken_.NotifyOne();
  return body;
}

bool BodyQueue::finished() const {
  const base::MutexLock lock(mutex_);
  return finished_ && bodies_.empty();
}

void BodyQueue::Recycle(base::ByteBuffer bytes) {
  const base::MutexLock lock(mutex_);
  if (empty_.size() < capacity_) empty_.push_back(std::move(bytes));
}

void BodyQueue::Abandon() {
  {
    const base::MutexLock lock(mutex_);
    abandoned_ = true;
  }
  taken_.NotifyAll();
}

}  // namespace clew::load
