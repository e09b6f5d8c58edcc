// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <semaphore>
#include <string>

#include "base/mutex.h"
#include "base/result.h"

namespace clew {

// The one place where the process learns that it shall end: by a signal of its
// operator or by a failure it cannot live with. Construct it before any other
// thread starts, because SIGINT and SIGTERM are blocked from there on; a thread
// of its own waits for them for as long as the process lives. A second signal
// ends the process at once. Thread-safe.
class StopSignal {
 public:
  // The first signal ends the process at once, with code 0, while `may_leave` says so.
  explicit StopSignal(std::function<bool()> may_leave);
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  // Asks for the end because of `error`; the first one is kept.
  void Fail(const base::Error& error);
  // Blocks until the end is asked for; the error, if that was the reason.
  base::Status Wait();

 private:
  struct State {
    std::counting_semaphore<> asked{0};
    base::Mutex mutex;
    std::optional<base::Error> error GUARDED_BY(mutex);
  };
  State& state_;  // never freed: the thread that waits for signals outlives everything
};

}  // namespace clew
