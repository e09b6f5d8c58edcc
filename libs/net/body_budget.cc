// SPDX-License-Identifier: Apache-2.0
#include "net/body_budget.h"

#include <string>

#include "net/limits.h"

namespace clew::net {

BodyBudget::BodyBudget(uint64_t limit_bytes) : limit_bytes_(limit_bytes) {}
BodyBudget::~BodyBudget() = default;

BodiesOfLoop& BodyBudget::OnLoop(const EventLoop& loop) {
  const base::MutexLock lock(mutex_);
  std::unique_ptr<BodiesOfLoop>& bodies = loops_[&loop];
  if (bodies == nullptr) bodies = std::make_unique<BodiesOfLoop>(*this);
  return *bodies;
}

BodyBudget::Counters BodyBudget::counters() const {
  const base::MutexLock lock(mutex_);
  Counters counters = counters_;
  counters.held_bytes = held_bytes_ + leaving_bytes_;
  return counters;
}

BodyBudget::Outcome BodyBudget::Take(uint64_t bytes, bool small, uint64_t movable_bytes) {
  const base::MutexLock lock(mutex_);
  const uint64_t limit = small ? limit_bytes_ : limit_bytes_ - limit_bytes_ / kSmallBodiesShare;
  // What gives way is in memory until its request has ended.
  const uint64_t most = limit + limit_bytes_ / kLeavingBodiesShare;
  const bool fits = held_bytes_ + leaving_bytes_ + bytes <= most;
  if (fits && held_bytes_ + bytes <= limit) {
    held_bytes_ += bytes;
    return Outcome::kTaken;
  }
  if (fits && held_bytes_ + bytes <= limit + movable_bytes) return Outcome::kAfterOthers;
  ++counters_.refused_bodies;
  return Outcome::kNever;
}

void BodyBudget::Give(uint64_t bytes, bool gave_way) {
  const base::MutexLock lock(mutex_);
  (gave_way ? leaving_bytes_ : held_bytes_) -= bytes;
}

void BodyBudget::NoteGaveWay(uint64_t bytes) {
  const base::MutexLock lock(mutex_);
  held_bytes_ -= bytes;
  leaving_bytes_ += bytes;
  ++counters_.given_way_bodies;
}

base::Error NoRoomForBody(uint64_t limit_bytes) {
  return {base::ErrorCode::kExhausted,
          "too many request bodies are on their way: the server holds at most " +
              std::to_string(limit_bytes) + " bytes of them; send again later"};
}

bool BodiesOfLoop::Take(uint64_t bytes, bool small) {
  while (true) {
    switch (budget_.Take(bytes, small, waiting_bytes_)) {
      case BodyBudget::Outcome::kTaken:
        return true;
      case BodyBudget::Outcome::kNever:
        return false;
      case BodyBudget::Outcome::kAfterOthers:
        break;
    }
    WaitingBody& slowest = *first_;
    Unlink(slowest);
    slowest.body_.gave_way_ = true;
    budget_.NoteGaveWay(slowest.body_.bytes_);
    slowest.OnGaveWay();
  }
}

// A body that holds nothing could not help anybody.
void BodiesOfLoop::Link(WaitingBody& waiting) {
  if (waiting.body_.bytes_ == 0 || waiting.body_.gave_way_) return;
  waiting.previous_ = last_;
  waiting.next_ = nullptr;
  (last_ != nullptr ? last_->next_ : first_) = &waiting;
  last_ = &waiting;
  waiting.counted_bytes_ = waiting.body_.bytes_;
  waiting_bytes_ += waiting.counted_bytes_;
  waiting.linked_ = true;
}

void BodiesOfLoop::Unlink(WaitingBody& waiting) {
  if (!waiting.linked_) return;
  (waiting.previous_ != nullptr ? waiting.previous_->next_ : first_) = waiting.next_;
  (waiting.next_ != nullptr ? waiting.next_->previous_ : last_) = waiting.previous_;
  waiting_bytes_ -= waiting.counted_bytes_;
  waiting.linked_ = false;
}

HeldBody::~HeldBody() {
  if (bytes_ > 0) bodies_->Give(bytes_, gave_way_);
}

bool HeldBody::Grow(uint64_t bytes) {
  if (bodies_ == nullptr) return true;
  if (gave_way_) return false;
  // Its client has just sent something: it is not the one to go, and waits anew.
  if (waiting_ != nullptr) bodies_->Unlink(*waiting_);
  const bool taken = bodies_->Take(bytes, bytes_ + bytes <= kSmallBodyBytes);
  if (taken) bytes_ += bytes;
  if (waiting_ != nullptr) bodies_->Link(*waiting_);
  return taken;
}

base::Error HeldBody::error() const {
  return NoRoomForBody(bodies_ == nullptr ? 0 : bodies_->budget_.limit_bytes());
}

WaitingBody::WaitingBody(HeldBody& body) : body_(body) {
  if (body_.bodies_ == nullptr) return;
  body_.waiting_ = this;
  body_.bodies_->Link(*this);
}

WaitingBody::~WaitingBody() {
  if (body_.bodies_ == nullptr) return;
  body_.bodies_->Unlink(*this);
  body_.waiting_ = nullptr;
}

}  // namespace clew::net
