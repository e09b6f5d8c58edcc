// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/event_loop.h"
#include "net/http.h"
#include "net/task.h"

namespace clew::net {

struct Endpoint {
  std::string host;
  uint16_t port = 80;
  bool tls = false;
  bool http2 = false;  // prior knowledge, or ALPN "h2" over TLS
};

// "http://host:port/path" to its endpoint and path ("/" when absent).
struct Url {
  Endpoint endpoint;
  std::string path;
};
base::Result<Url> ParseUrl(std::string_view url);

struct ClientOptions {
  std::chrono::milliseconds connect_timeout{2000};
  std::chrono::milliseconds idle_timeout{60000};  // of a pooled connection
  size_t max_idle_connections = 64;               // per endpoint
  std::string ca_path{};                          // PEM; empty: the system's
  std::string certificate_path{};  // PEM chain for servers that ask for one; empty: none
  std::string key_path{};          // of the certificate
};

// One request to an upstream and its response.
class ClientExchange {
 public:
  virtual ~ClientExchange() = default;
  virtual Task<base::Status> WriteBody(std::string_view piece) = 0;
  virtual Task<base::Status> FinishBody() = 0;
  virtual Task<base::Result<ResponseHead>> ReadHead() = 0;
  // The next piece; empty at the end. The view holds until the next call.
  virtual Task<base::Result<std::string_view>> ReadBody() = 0;
  virtual const Headers& response_trailers() const = 0;
  virtual std::string_view remote_address() const = 0;
};

struct WholeResponse {
  ResponseHead head;
  std::string body;
  Headers trailers;
};

// Keep-alive client for HTTP/1.1 and HTTP/2, one per loop; used only on its
// loop's thread. A request on a pooled connection that the peer had closed is
// sent again on a new one when none of its response has arrived and it has no body
// or is repeatable. An exchange destroyed before its end closes or resets its stream.
class HttpClient {
 public:
  explicit HttpClient(EventLoop& loop, ClientOptions options = {});
  ~HttpClient();

  // Connects or takes a pooled connection and sends the head. With
  // `head.content_length` unset and `has_body`, the body is chunked.
  // kUnavailable: cannot connect. kDeadlineExceeded: past `deadline`, which
  // also bounds every later call on the exchange.
  Task<base::Result<std::unique_ptr<ClientExchange>>> Open(
      const Endpoint& endpoint, RequestHead head, bool has_body,
      std::chrono::steady_clock::time_point deadline);

  // A whole request and response; the body is sent again when a stale
  // connection failed it. kTooLarge when the response exceeds `limit_bytes`.
  Task<base::Result<WholeResponse>> Fetch(const Endpoint& endpoint, RequestHead head,
                                          std::string_view body,
                                          std::chrono::steady_clock::time_point deadline,
                                          size_t limit_bytes = 16u << 20);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace clew::net
