// SPDX-License-Identifier: Apache-2.0
#include "serve/client_watch.h"

#include "serve/limits.h"

namespace clew::serve {

struct ClientWatch::State {
  net::Exchange* exchange;  // null once the watch has ended
  std::stop_source nobody_waits{};
};

ClientWatch::ClientWatch(net::Exchange& exchange)
    : state_(std::make_shared<State>(State{.exchange = &exchange})) {
  exchange.loop().Spawn(Watch(exchange.loop(), state_));
}

ClientWatch::~ClientWatch() {
  state_->exchange = nullptr;
  state_->nobody_waits.request_stop();
}

std::stop_token ClientWatch::token() const {
  return state_->nobody_waits.get_token();
}

net::Task<void> ClientWatch::Watch(net::EventLoop& loop, std::shared_ptr<State> state) {
  while (true) {
    co_await loop.SleepFor(kClientLookInterval);
    if (state->exchange == nullptr) co_return;
    if (!state->exchange->cancelled()) continue;
    state->nobody_waits.request_stop();
    co_return;
  }
}

}  // namespace clew::serve
