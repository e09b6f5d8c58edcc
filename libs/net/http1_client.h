// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "net/http_client.h"
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

// Idle HTTP/1.1 connections by endpoint, the one used last first. One per loop,
// used on its thread; shared with the exchanges, which give connections back.
class Http1ClientPool : public std::enable_shared_from_this<Http1ClientPool> {
 public:
  Http1ClientPool(EventLoop& loop, const ClientOptions& options, boost::asio::ssl::context* tls)
      : loop_(loop), options_(options), tls_(tls) {}

  Task<base::Result<std::unique_ptr<ClientExchange>>> Open(Endpoint endpoint,
                                                           Http1ClientRequest request);

 private:
  friend class Http1ClientExchange;
  using Key = std::tuple<std::string, uint16_t, bool>;

  struct Leased {
    Transport transport;
    bool reused = false;
  };
  Task<base::Result<Leased>> Lease(const Endpoint& endpoint, bool fresh,
                                   Transport::TimePoint deadline);
  void GiveBack(const Endpoint& endpoint, Transport transport);

  EventLoop& loop_;
  ClientOptions options_;
  boost::asio::ssl::context* tls_;
  std::map<Key, std::vector<Transport>> idle_;
};

}  // namespace clew::net
