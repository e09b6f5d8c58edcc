// SPDX-License-Identifier: Apache-2.0
#include "serve/query_watch.h"

#include <utility>

#include "serve/limits.h"

namespace clew::serve {

using std::chrono::steady_clock;

bool QueryTurn::Begin() {
  const base::MutexLock lock(mutex_);
  if (given_up_) return false;
  began_ = steady_clock::now();
  return true;
}

bool QueryTurn::GiveUp() {
  const base::MutexLock lock(mutex_);
  if (began_) return false;
  given_up_ = true;
  return true;
}

std::optional<QueryTurn::Time> QueryTurn::began() const {
  const base::MutexLock lock(mutex_);
  return began_;
}

struct QueryWatch::State {
  const QueryLimits limits;
  std::function<bool()> is_gone;  // empty once the watch has ended
  std::function<void()> on_given_up;
  std::shared_ptr<QueryTurn> turn = std::make_shared<QueryTurn>();
  std::stop_source nobody_waits{};
  const QueryTurn::Time came = steady_clock::now();
  bool has_time_limit = true;
};

QueryWatch::QueryWatch(net::EventLoop& loop, const QueryLimits& limits,
                       std::function<bool()> is_gone, std::function<void()> on_given_up)
    : state_(std::make_shared<State>(limits, std::move(is_gone), std::move(on_given_up))) {
  loop.Spawn(Watch(loop, state_));
}

QueryWatch::~QueryWatch() {
  state_->is_gone = nullptr;
  state_->nobody_waits.request_stop();
}

std::stop_token QueryWatch::token() const {
  return state_->nobody_waits.get_token();
}

std::shared_ptr<QueryTurn> QueryWatch::turn() const {
  return state_->turn;
}

void QueryWatch::EndTimeLimit() {
  state_->has_time_limit = false;
}

// Whether it was given up just now. Nothing is to be stopped then.
bool QueryWatch::HasWaitedTooLong(State& state) {
  return !state.turn->began() && steady_clock::now() - state.came >= state.limits.queue_wait &&
         state.turn->GiveUp();
}

bool QueryWatch::IsLate(const State& state) {
  const std::optional<QueryTurn::Time> began = state.turn->began();
  return began && state.has_time_limit && steady_clock::now() - *began >= state.limits.timeout;
}

net::Task<void> QueryWatch::Watch(net::EventLoop& loop, std::shared_ptr<State> state) {
  while (true) {
    co_await loop.SleepFor(kQueryLookInterval);
    if (!state->is_gone) co_return;
    if (HasWaitedTooLong(*state)) {
      state->on_given_up();
      co_return;
    }
    if (!state->is_gone() && !IsLate(*state)) continue;
    state->nobody_waits.request_stop();
    co_return;
  }
}

}  // namespace clew::serve
