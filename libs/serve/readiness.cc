// SPDX-License-Identifier: Apache-2.0
#include "serve/readiness.h"

namespace clew::serve {

void Readiness::SetProgress(const store::ReplayProgress& progress) {
  const base::MutexLock lock(mutex_);
  progress_ = progress;
}

void Readiness::SetReady() {
  const base::MutexLock lock(mutex_);
  state_ = State::kReady;
}

void Readiness::SetStopping() {
  const base::MutexLock lock(mutex_);
  state_ = State::kStopping;
}

bool Readiness::is_ready() const {
  const base::MutexLock lock(mutex_);
  return state_ == State::kReady;
}

bool Readiness::is_replaying() const {
  const base::MutexLock lock(mutex_);
  return state_ == State::kReplaying;
}

std::string Readiness::Describe() const {
  const base::MutexLock lock(mutex_);
  switch (state_) {
    case State::kReady:
      return "ready";
    case State::kStopping:
      return "Application is stopping";
    case State::kReplaying:
      break;
  }
  return "reading the log: " + std::to_string(progress_.bytes_done >> 20) + " of " +
         std::to_string(progress_.bytes_total >> 20) + " MiB, " +
         std::to_string(progress_.records) + " records";
}

}  // namespace clew::serve
