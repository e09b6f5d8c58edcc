// SPDX-License-Identifier: Apache-2.0
#include "net/stop_signal.h"

#include <boost/asio/signal_set.hpp>
#include <csignal>

#include "net/async.h"
#include "net/event_loop_internal.h"

namespace clew::net {

Task<void> AwaitStopSignal(EventLoop& loop) {
  boost::asio::signal_set signals(loop.impl().context, SIGINT, SIGTERM);
  co_await Async<int>([&](auto handler) { signals.async_wait(std::move(handler)); });
}

}  // namespace clew::net
