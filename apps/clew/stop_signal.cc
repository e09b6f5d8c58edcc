// SPDX-License-Identifier: Apache-2.0
#include "stop_signal.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <thread>
#include <utility>

namespace clew {

StopSignal::StopSignal(std::function<bool()> may_leave) : state_(*new State) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);

  std::thread([signals, may_leave = std::move(may_leave), &state = state_] {
    int number = 0;
    sigwait(&signals, &number);
    if (may_leave()) _exit(0);
    state.asked.release();
    sigwait(&signals, &number);
    _exit(128 + number);
  }).detach();
}

void StopSignal::Fail(const base::Error& error) {
  {
    const base::MutexLock lock(state_.mutex);
    if (!state_.error) state_.error = error;
  }
  state_.asked.release();
}

base::Status StopSignal::Wait() {
  state_.asked.acquire();
  const base::MutexLock lock(state_.mutex);
  if (state_.error) return *state_.error;
  return {};
}

}  // namespace clew
