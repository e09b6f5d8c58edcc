// SPDX-License-Identifier: Apache-2.0
// Connecting: resolving a name, trying its addresses, shaking hands, all under one deadline.
#include <algorithm>
#include <boost/asio/connect.hpp>
#include <utility>
#include <vector>

#include "net/async.h"
#include "net/event_loop_internal.h"
#include "net/transport.h"

namespace clew::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

// Ends resolving and connecting when the time is up.
class ConnectDeadline final : public Deadline {
 public:
  ConnectDeadline(EventLoop& loop, Socket& socket, tcp::resolver& resolver)
      : Deadline(loop.impl()), socket_(socket), resolver_(resolver) {}

 private:
  void OnExpired() override {
    error_code ignored;
    resolver_.cancel();
    socket_.close(ignored);
  }
  Socket& socket_;
  tcp::resolver& resolver_;
};

std::string Where(const ConnectOptions& options) {
  return options.host + ":" + std::to_string(options.port);
}

base::Error CannotConnect(const ConnectOptions& options, const Deadline& limit,
                          std::string_view reason) {
  if (limit.expired()) {
    return {base::ErrorCode::kDeadlineExceeded, "no answer in time from " + Where(options)};
  }
  return {base::ErrorCode::kUnavailable,
          "cannot connect to " + Where(options) + ": " + std::string(reason)};
}

// A connect that ran into its own timeout, not the caller's deadline, says
// that the upstream is not there.
base::Error OwnTimeoutIsUnavailable(base::Error error, Transport::TimePoint deadline) {
  if (error.code == base::ErrorCode::kDeadlineExceeded &&
      std::chrono::steady_clock::now() < deadline) {
    error.code = base::ErrorCode::kUnavailable;
  }
  return error;
}

Task<base::Result<Socket>> ConnectSocket(EventLoop& loop, const ConnectOptions& options,
                                         Transport::TimePoint limit_time) {
  Socket socket(loop.impl().context);
  tcp::resolver resolver(loop.impl().context);
  ConnectDeadline limit(loop, socket, resolver);
  limit.Set(limit_time);

  error_code not_numeric;
  const asio::ip::address address = asio::ip::make_address(options.host, not_numeric);
  std::vector<tcp::endpoint> endpoints;
  if (!not_numeric) {
    endpoints.emplace_back(address, options.port);
  } else {
    auto [error, found] = co_await Async<tcp::resolver::results_type>([&](auto handler) {
      resolver.async_resolve(options.host, std::to_string(options.port), std::move(handler));
    });
    if (error) co_return CannotConnect(options, limit, error.message());
    for (const auto& entry : found) endpoints.push_back(entry.endpoint());
  }

  error_code last = asio::error::host_not_found;
  for (const tcp::endpoint& endpoint : endpoints) {
    error_code ignored;
    socket.close(ignored);
    auto [error, nothing] =
        co_await Async([&](auto handler) { socket.async_connect(endpoint, std::move(handler)); });
    if (!error && !limit.expired()) co_return std::move(socket);
    last = error;
    if (limit.expired()) break;
  }
  co_return CannotConnect(options, limit, last.message());
}

}  // namespace

Task<base::Result<Transport>> Connect(EventLoop& loop, ConnectOptions options,
                                      Transport::TimePoint deadline) {
  const Transport::TimePoint limit =
      std::min(deadline, std::chrono::steady_clock::now() + options.timeout);
  base::Result<Socket> socket = co_await ConnectSocket(loop, options, limit);
  if (!socket.ok()) co_return OwnTimeoutIsUnavailable(std::move(socket).error(), deadline);

  Transport transport(loop, std::move(socket).value());
  if (options.tls != nullptr) {
    transport.set_deadline(limit);
    base::Status done =
        co_await transport.HandshakeAsClient(*options.tls, options.host, options.alpn);
    if (!done.ok()) {
      base::Error error = OwnTimeoutIsUnavailable(std::move(done).error(), deadline);
      if (error.code == base::ErrorCode::kIo) error.code = base::ErrorCode::kUnavailable;
      co_return error;
    }
    transport.set_deadline(Transport::TimePoint::max());
  }
  co_return std::move(transport);
}

}  // namespace clew::net
