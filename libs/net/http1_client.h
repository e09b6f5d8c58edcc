// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <deque>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "net/http_client.h"
#include "net/read_buffer.h"
#include "net/transport.h"

namespace clew::net {

// One request on an upstream connection, to be sent in one go or in pieces.
struct Http1ClientRequest {
  RequestHead head;
  bool has_body = false;
  // The whole body, when the caller has it: then a stale connection costs a
  // second attempt and nothing else. Must hold until the head has been read.
  std::string_view whole_body;
  Transport::TimePoint deadline;
};

// A connection to an upstream with what was read from it.
struct Http1ClientConnection {
  explicit Http1ClientConnection(Transport connected) : transport(std::move(connected)) {}

  Transport transport;
  ReadBuffer in;
  Transport::TimePoint idle_since{};
};

// Idle HTTP/1.1 connections by endpoint, the one used last first. One per loop,
// used on its thread; shared with the exchanges, which give connections back.
class Http1ClientPool : public std::enable_shared_from_this<Http1ClientPool> {
 public:
  Http1ClientPool(EventLoop& loop, const ClientOptions& options, boost::asio::ssl::context* tls)
      : loop_(loop), options_(options), tls_(tls) {}

  Task<base::Result<std::unique_ptr<ClientExchange>>> Open(const Endpoint& endpoint,
                                                           Http1ClientRequest&& request);

 private:
  friend class Http1ClientExchange;
  using Connection = std::unique_ptr<Http1ClientConnection>;

  // An upstream and its idle connections; stays where it is as long as the pool.
  struct Home {
    Endpoint endpoint;
    std::vector<Connection> idle;
  };
  Home& HomeOf(const Endpoint& endpoint);
  // The idle connection used last that is still good, or null.
  static Connection TakeIdle(Home& home);
  Task<base::Result<Connection>> ConnectTo(const Home& home, Transport::TimePoint deadline);
  void GiveBack(Home& home, Connection connection);

  EventLoop& loop_;
  ClientOptions options_;
  boost::asio::ssl::context* tls_;
  std::deque<Home> homes_;  // few: an edge has as many as services
};

}  // namespace clew::net
