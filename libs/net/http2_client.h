// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <memory>

#include "base/result.h"
#include "net/event_loop.h"
#include "net/http_client.h"

namespace clew::net {

// Multiplexed HTTP/2 connections, one per endpoint, made when first needed and
// again after they were lost or sent away. For one loop, on its thread. `tls`
// (may be null when no endpoint is TLS) outlives the pool. Exchanges may outlive it.
class Http2ClientPool {
 public:
  Http2ClientPool(EventLoop& loop, ClientOptions options, boost::asio::ssl::context* tls);
  ~Http2ClientPool();

  // As HttpClient::Open. ReadHead fails with kUnavailable when the connection went
  // before any of the response, so that the request may be sent again.
  Task<base::Result<std::unique_ptr<ClientExchange>>> Open(
      const Endpoint& endpoint, RequestHead head, bool has_body,
      std::chrono::steady_clock::time_point deadline);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace clew::net
