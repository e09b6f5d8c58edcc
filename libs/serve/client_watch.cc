// SPDX-License-Identifier: Apache-2.0
#include "serve/client_watch.h"

#include <utility>

#include "serve/limits.h"

namespace clew::serve {

struct ClientWatch::State {
  std::function<bool()> is_gone;  // empty once the watch has ended
  std::stop_source nobody_waits{};
};

ClientWatch::ClientWatch(net::Exchange& exchange)
    : ClientWatch(exchange.loop(), [&exchange] { return exchange.cancelled(); }) {}

ClientWatch::ClientWatch(net::EventLoop& loop, std::function<bool()> is_gone)
    : state_(std::make_shared<State>(State{.is_gone = std::move(is_gone)})) {
  loop.Spawn(Watch(loop, state_));
}

ClientWatch::~ClientWatch() {
  state_->is_gone = nullptr;
  state_->nobody_waits.request_stop();
}

std::stop_token ClientWatch::token() const {
  return state_->nobody_waits.get_token();
}

net::Task<void> ClientWatch::Watch(net::EventLoop& loop, std::shared_ptr<State> state) {
  while (true) {
    co_await loop.SleepFor(kClientLookInterval);
    if (!state->is_gone) co_return;
    if (!state->is_gone()) continue;
    state->nobody_waits.request_stop();
    co_return;
  }
}

}  // namespace clew::serve
