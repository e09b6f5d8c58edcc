// SPDX-License-Identifier: Apache-2.0
#include "serve/streaming/answer_feed.h"

#include <iterator>
#include <utility>

namespace clew::serve {

void AnswerFeed::Offer(std::vector<std::string> messages) {
  {
    const base::MutexLock lock(mutex_);
    waiting_.messages.insert(waiting_.messages.end(), std::make_move_iterator(messages.begin()),
                             std::make_move_iterator(messages.end()));
  }
  Wake();
}

void AnswerFeed::End(net::GrpcStatus status, std::vector<std::string> messages) {
  {
    const base::MutexLock lock(mutex_);
    if (waiting_.status) return;
    waiting_.messages = std::move(messages);
    waiting_.status = std::move(status);
  }
  Wake();
}

void AnswerFeed::WakeBy(std::function<void(bool)> wake) {
  {
    const base::MutexLock lock(mutex_);
    wake_ = std::move(wake);
  }
  Wake();
}

AnswerFeed::Taken AnswerFeed::Take() {
  const base::MutexLock lock(mutex_);
  return std::exchange(waiting_, {});
}

void AnswerFeed::Wake() {
  std::function<void(bool)> wake;
  {
    const base::MutexLock lock(mutex_);
    if (has_something()) wake = std::exchange(wake_, {});
  }
  if (wake) wake(true);
}

}  // namespace clew::serve
