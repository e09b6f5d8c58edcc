// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "net/grpc.h"

namespace clew::serve {

// Brings the messages of an answer from the worker that makes them to the coroutine that
// sends them. The worker never waits for the client: what is not taken yet lies here, and
// gives way to the whole answer when that comes. Thread-safe.
class AnswerFeed {
 public:
  // From the worker: some of the answer, then all of it or why there is none. What comes
  // after an end is for nobody.
  void Offer(std::vector<std::string> messages);
  void End(net::GrpcStatus status, std::vector<std::string> messages);

  // From the coroutine. `wake` is called once, on any thread, as soon as there is something.
  void WakeBy(std::function<void(bool)> wake);

  struct Taken {
    std::vector<std::string> messages;
    std::optional<net::GrpcStatus> status;  // after the last of the messages
  };
  Taken Take();

 private:
  void Wake();
  bool has_something() const REQUIRES_LOCK(mutex_) {
    return !waiting_.messages.empty() || waiting_.status.has_value();
  }

  base::Mutex mutex_;
  Taken waiting_ GUARDED_BY(mutex_);
  std::function<void(bool)> wake_ GUARDED_BY(mutex_);
};

}  // namespace clew::serve
