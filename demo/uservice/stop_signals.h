// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pthread.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <ctime>

namespace clew::demo {

// SIGTERM and SIGINT, blocked in every thread that starts later, so that only who waits here
// sees them.
class StopSignals {
 public:
  StopSignals() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  }

  void Wait() const {
    int signal = 0;
    sigwait(&signals_, &signal);
  }
  // False when none has come by then.
  bool WaitFor(std::chrono::milliseconds time) const {
    const timespec limit{.tv_sec = static_cast<time_t>(time.count() / 1000),
                         .tv_nsec = static_cast<long>(time.count() % 1000) * 1'000'000};
    int found = 0;
    do {
      found = sigtimedwait(&signals_, nullptr, &limit);
    } while (found < 0 && errno == EINTR);
    return found > 0;
  }

 private:
  sigset_t signals_{};
};

}  // namespace clew::demo
