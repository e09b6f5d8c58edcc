// SPDX-License-Identifier: Apache-2.0
#include "net/transport.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <optional>
#include <utility>
#include <vector>

#include "net/async.h"
#include "net/event_loop_internal.h"

namespace clew::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

std::string FormatAddress(const tcp::socket& socket) {
  error_code error;
  const tcp::endpoint peer = socket.remote_endpoint(error);
  if (error) return "unknown";
  const std::string port = std::to_string(peer.port());
  if (peer.address().is_v6()) return "[" + peer.address().to_string() + "]:" + port;
  return peer.address().to_string() + ":" + port;
}

constexpr size_t kMaxGathered = 16;

}  // namespace

// Shared with the operations in flight, which may outlast the transport by one
// turn of the loop.
class Transport::Stream final : public Deadline {
 public:
  Stream(EventLoop& loop, tcp::socket accepted)
      : Deadline(loop.impl()), socket(std::move(accepted)), remote(FormatAddress(socket)) {
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    socket.non_blocking(true, ignored);
  }

  void Close() {
    closed = true;
    error_code ignored;
    socket.close(ignored);
  }

  // What an operation ends with. An expired deadline and a close both show as
  // "operation aborted" and are told apart by what we did.
  base::Error ToError(const error_code& error, std::string_view what) const {
    if (expired()) return {base::ErrorCode::kDeadlineExceeded, "deadline passed " + About(what)};
    if (closed) return {base::ErrorCode::kCancelled, "connection closed " + About(what)};
    return {base::ErrorCode::kIo, error.message() + " " + About(what)};
  }
  std::string About(std::string_view what) const {
    return "while " + std::string(what) + " " + remote;
  }

  tcp::socket socket;
  std::string remote;
  std::string alpn;
  std::optional<asio::ssl::stream<tcp::socket&>> tls;
  std::string tls_out;  // pieces of a write, joined: one record instead of many
  bool close_when_expired = false;
  bool closed = false;

 private:
  void OnExpired() override {
    error_code ignored;
    if (close_when_expired) {
      Close();
    } else if (socket.is_open()) {
      socket.cancel(ignored);
    }
  }
};

Transport::Transport(EventLoop& loop, tcp::socket socket)
    : stream_(std::make_shared<Stream>(loop, std::move(socket))) {}
Transport::Transport(Transport&&) noexcept = default;
Transport& Transport::operator=(Transport&& other) noexcept {
  if (stream_ && stream_ != other.stream_) stream_->Close();
  stream_ = std::move(other.stream_);
  return *this;
}
Transport::~Transport() {
  if (stream_) stream_->Close();
}

namespace {

std::string ChosenProtocol(SSL* ssl) {
  const unsigned char* chosen = nullptr;
  unsigned length = 0;
  SSL_get0_alpn_selected(ssl, &chosen, &length);
  return std::string(reinterpret_cast<const char*>(chosen), length);
}

}  // namespace

Task<base::Status> Transport::HandshakeAsServer(asio::ssl::context& context) {
  Stream& stream = *stream_;
  stream.tls.emplace(stream.socket, context);
  auto [error, nothing] = co_await Async(
      [&](auto handler) {
        stream.tls->async_handshake(asio::ssl::stream_base::server, std::move(handler));
      },
      stream_);
  if (error) co_return stream.ToError(error, "shaking hands with");
  stream.alpn = ChosenProtocol(stream.tls->native_handle());
  co_return base::Status();
}

Task<base::Status> Transport::HandshakeAsClient(asio::ssl::context& context, std::string host,
                                                std::string_view alpn) {
  Stream& stream = *stream_;
  stream.tls.emplace(stream.socket, context);
  SSL* const ssl = stream.tls->native_handle();
  SSL_set_verify(ssl, SSL_VERIFY_PEER, nullptr);
  error_code not_numeric;
  asio::ip::make_address(host, not_numeric);
  if (not_numeric) {
    SSL_set_tlsext_host_name(ssl, host.c_str());
    SSL_set1_host(ssl, host.c_str());
  } else {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str());
  }
  if (!alpn.empty()) {
    std::string offer(1, static_cast<char>(alpn.size()));
    offer += alpn;
    SSL_set_alpn_protos(ssl, reinterpret_cast<const unsigned char*>(offer.data()),
                        static_cast<unsigned>(offer.size()));
  }
  auto [error, nothing] = co_await Async(
      [&](auto handler) {
        stream.tls->async_handshake(asio::ssl::stream_base::client, std::move(handler));
      },
      stream_);
  if (error) co_return stream.ToError(error, "shaking hands with " + host + " at");
  stream.alpn = ChosenProtocol(ssl);
  co_return base::Status();
}

Task<base::Result<size_t>> Transport::ReadSome(std::span<char> into) {
  Stream& stream = *stream_;
  if (stream.expired() || stream.closed) co_return stream.ToError({}, "reading from");
  const asio::mutable_buffer buffer(into.data(), into.size());
  auto [error, bytes] = co_await Async<size_t>(
      [&](auto handler) {
        if (stream.tls) {
          stream.tls->async_read_some(buffer, std::move(handler));
        } else {
          stream.socket.async_read_some(buffer, std::move(handler));
        }
      },
      stream_);
  if (!error) co_return bytes;
  // A TLS peer that closes without close_notify is common; framing tells truncation.
  if (error == asio::error::eof || error == asio::ssl::error::stream_truncated) co_return size_t{0};
  co_return stream.ToError(error, "reading from");
}

Task<base::Status> Transport::Write(std::string_view piece) {
  co_return co_await Write(std::span<const std::string_view>(&piece, 1));
}

Task<base::Status> Transport::Write(std::span<const std::string_view> pieces) {
  Stream& stream = *stream_;
  if (stream.expired() || stream.closed) co_return stream.ToError({}, "writing to");
  if (stream.tls) {
    stream.tls_out.clear();
    for (const std::string_view piece : pieces) stream.tls_out += piece;
    auto [error, bytes] = co_await Async<size_t>(
        [&](auto handler) {
          asio::async_write(*stream.tls, asio::buffer(stream.tls_out), std::move(handler));
        },
        stream_);
    if (error) co_return stream.ToError(error, "writing to");
    co_return base::Status();
  }

  size_t first = 0;   // piece that is not wholly written
  size_t offset = 0;  // of its first unwritten byte
  while (true) {
    while (first < pieces.size() && offset == pieces[first].size()) {
      ++first;
      offset = 0;
    }
    if (first == pieces.size()) co_return base::Status();

    iovec vectors[kMaxGathered];
    msghdr message{};
    message.msg_iov = vectors;
    for (size_t i = first; i < pieces.size() && message.msg_iovlen < kMaxGathered; ++i) {
      const size_t skip = i == first ? offset : 0;
      if (pieces[i].size() == skip) continue;
      vectors[message.msg_iovlen++] = {const_cast<char*>(pieces[i].data()) + skip,
                                       pieces[i].size() - skip};
    }
    // The kernel nearly always takes all of it: trying first saves a turn of the loop.
    const ssize_t sent = ::sendmsg(stream.socket.native_handle(), &message, MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno == EINTR) continue;
      error_code error(errno, boost::system::system_category());
      if (errno == EAGAIN || errno == EWOULDBLOCK) {
        auto outcome = co_await Async(
            [&](auto handler) {
              stream.socket.async_wait(tcp::socket::wait_write, std::move(handler));
            },
            stream_);
        error = outcome.error;
      }
      if (error || stream.closed) co_return stream.ToError(error, "writing to");
      continue;
    }
    for (size_t left = static_cast<size_t>(sent); left > 0;) {
      const size_t here = std::min(left, pieces[first].size() - offset);
      offset += here;
      left -= here;
      if (offset == pieces[first].size()) {
        ++first;
        offset = 0;
      }
    }
  }
}

void Transport::set_deadline(TimePoint when, bool close) {
  stream_->close_when_expired = close;
  stream_->Set(when);
}

void Transport::set_deadline_in(std::chrono::nanoseconds duration) {
  set_deadline(std::chrono::steady_clock::now() +
               std::chrono::duration_cast<std::chrono::steady_clock::duration>(duration));
}

Task<void> Transport::CloseGently(std::chrono::milliseconds at_most, uint64_t limit_bytes) {
  Stream& stream = *stream_;
  if (stream.closed) co_return;
  set_deadline_in(at_most);
  if (stream.tls) {
    co_await Async([&](auto handler) { stream.tls->async_shutdown(std::move(handler)); }, stream_);
  }
  error_code ignored;
  if (!stream.closed) stream.socket.shutdown(tcp::socket::shutdown_send, ignored);
  // Unread bytes at close would make the kernel send a reset, and the peer lose
  // what we wrote last. Below TLS: what comes now is not ours to understand.
  std::vector<char> dropped(4096);
  for (uint64_t total = 0; total < limit_bytes && !stream.expired() && !stream.closed;) {
    auto [error, bytes] = co_await Async<size_t>(
        [&](auto handler) {
          stream.socket.async_read_some(asio::buffer(dropped), std::move(handler));
        },
        stream_);
    if (error) break;
    total += bytes;
  }
  stream.Close();
}

void Transport::Close() {
  stream_->Close();
}
bool Transport::is_open() const {
  return !stream_->closed;
}

bool Transport::peer_gone() const {
  if (stream_->closed) return true;
  pollfd entry{stream_->socket.native_handle(), POLLRDHUP, 0};
  return ::poll(&entry, 1, 0) > 0 &&
         (entry.revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL)) != 0;
}

bool Transport::quiet() const {
  if (stream_->closed || stream_->expired()) return false;
  pollfd entry{stream_->socket.native_handle(), POLLIN | POLLRDHUP, 0};
  return ::poll(&entry, 1, 0) == 0;
}

bool Transport::is_tls() const {
  return stream_->tls.has_value();
}
std::string_view Transport::alpn() const {
  return stream_->alpn;
}
std::string_view Transport::remote_address() const {
  return stream_->remote;
}

namespace {

// Ends resolving and connecting when the time is up.
class ConnectDeadline final : public Deadline {
 public:
  ConnectDeadline(EventLoop& loop, tcp::socket& socket, tcp::resolver& resolver)
      : Deadline(loop.impl()), socket_(socket), resolver_(resolver) {}

 private:
  void OnExpired() override {
    error_code ignored;
    resolver_.cancel();
    socket_.close(ignored);
  }
  tcp::socket& socket_;
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

Task<base::Result<tcp::socket>> ConnectSocket(EventLoop& loop, const ConnectOptions& options,
                                              Transport::TimePoint limit_time) {
  tcp::socket socket(loop.impl().context);
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
  base::Result<tcp::socket> socket = co_await ConnectSocket(loop, options, limit);
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
