// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <stop_token>

#include "net/exchange.h"

namespace clew::serve {

// Looks now and then whether the client of an exchange is still there, and asks
// the token to stop when it is not: a socket tells nobody by itself while nothing
// is read from it. A local variable of the handler's coroutine; at its end the
// token is asked to stop as well. Lives on the exchange's loop.
class ClientWatch {
 public:
  explicit ClientWatch(net::Exchange& exchange);
  // The same where more than the socket tells that nobody waits; asked until the watch ends.
  ClientWatch(net::EventLoop& loop, std::function<bool()> is_gone);
  ~ClientWatch();
  ClientWatch(const ClientWatch&) = delete;
  ClientWatch& operator=(const ClientWatch&) = delete;

  // May be asked on any thread.
  std::stop_token token() const;

 private:
  struct State;
  static net::Task<void> Watch(net::EventLoop& loop, std::shared_ptr<State> state);

  std::shared_ptr<State> state_;
};

}  // namespace clew::serve
