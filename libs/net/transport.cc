// SPDX-License-Identifier: Apache-2.0
#include "net/transport.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "net/async.h"
#include "net/coarse_clock.h"
#include "net/event_loop_internal.h"

namespace clew::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

std::string FormatAddress(const Socket& socket) {
  error_code error;
  const tcp::endpoint peer = socket.remote_endpoint(error);
  if (error) return "unknown";
  const std::string port = std::to_string(peer.port());
  if (peer.address().is_v6()) return "[" + peer.address().to_string() + "]:" + port;
  return peer.address().to_string() + ":" + port;
}

constexpr size_t kMaxGathered = 16;

}  // namespace

// Shared with the TLS operations in flight, which may outlast the transport by one
// turn of the loop. Plain connections leave Asio for the poller at their first use.
class Transport::Stream final : public Deadline {
 public:
  Stream(EventLoop& loop, Socket accepted)
      : Deadline(loop.impl()),
        socket(std::move(accepted)),
        remote(FormatAddress(socket)),
        loop_(loop.impl()) {
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    socket.non_blocking(true, ignored);
  }

  // The socket on the poller. REQUIRES: not TLS and not closed.
  PolledSocket& Plain() {
    if (!plain_) {
      error_code ignored;
      plain_.emplace(loop_.poller, socket.release(ignored));
    }
    return *plain_;
  }

  void Close() {
    if (std::exchange(closed, true)) return;
    error_code ignored;
    if (plain_ && plain_->has_waiters()) {
      // Closed when they have gone.
      ::shutdown(plain_->native_handle(), SHUT_RDWR);
      plain_->Interrupt();
    } else if (plain_) {
      plain_.reset();
    } else {
      socket.close(ignored);
    }
  }

  int native_handle() { return plain_ ? plain_->native_handle() : socket.native_handle(); }

  // What an operation ends with. An expired deadline and a close both show as
  // "operation aborted" and are told apart by what we did.
  base::Error ToError(const error_code& error, std::string_view what) const {
    if (expired()) return {base::ErrorCode::kDeadlineExceeded, "deadline passed " + About(what)};
    if (closed) return {base::ErrorCode::kCancelled, "connection closed " + About(what)};
    return {base::ErrorCode::kIo, error.message() + " " + About(what)};
  }
  base::Error WriteError(const error_code& error) {
    write_failed = true;
    write_late = write_late || expired();
    return ToError(error, "writing to");
  }
  std::string About(std::string_view what) const {
    return "while " + std::string(what) + " " + remote;
  }

  Socket socket;  // until the poller has it
  std::string remote;
  std::string alpn;
  std::optional<asio::ssl::stream<Socket&>> tls;
  std::unique_ptr<const ClientCertificate> client_certificate;  // of a server's TLS
  std::string tls_out;  // pieces of a write, joined: one record instead of many
  bool close_when_expired = false;
  bool closed = false;
  bool write_failed = false;
  bool write_late = false;

 private:
  void OnExpired() override {
    if (close_when_expired) return Close();
    error_code ignored;
    if (plain_) {
      plain_->Interrupt();
    } else if (socket.is_open()) {
      socket.cancel(ignored);
    }
  }

  EventLoop::Impl& loop_;
  std::optional<PolledSocket> plain_;
};

Transport::Transport(EventLoop& loop, Socket socket)
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
  stream.client_certificate = ReadClientCertificate(stream.tls->native_handle());
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
  if (stream.expired() || stream.closed) {
    return Task<base::Result<size_t>>::Ready(stream.ToError({}, "reading from"));
  }
  return stream.tls ? ReadTls(into) : ReadPlain(into);
}

Task<base::Result<size_t>> Transport::ReadPlain(std::span<char> into) {
  Stream& stream = *stream_;
  PolledSocket& socket = stream.Plain();
  while (true) {
    co_await socket.Readable();
    if (stream.expired() || stream.closed) co_return stream.ToError({}, "reading from");
    const PolledSocket::Outcome outcome = socket.Read(into);
    if (!outcome.error) co_return outcome.bytes;
    if (outcome.error != asio::error::would_block) {
      co_return stream.ToError(outcome.error, "reading from");
    }
  }
}

Task<base::Result<size_t>> Transport::ReadTls(std::span<char> into) {
  Stream& stream = *stream_;
  const asio::mutable_buffer buffer(into.data(), into.size());
  auto [error, bytes] = co_await Async<size_t>(
      [&](auto handler) { stream.tls->async_read_some(buffer, std::move(handler)); }, stream_);
  if (!error) co_return bytes;
  // A TLS peer that closes without close_notify is common; framing tells truncation.
  if (error == asio::error::eof || error == asio::ssl::error::stream_truncated) co_return size_t{0};
  co_return stream.ToError(error, "reading from");
}

namespace {

// Where a write stands in its pieces.
struct Unsent {
  std::span<const std::string_view> pieces;
  size_t first = 0;   // piece that is not wholly written
  size_t offset = 0;  // of its first unwritten byte

  bool done() {
    while (first < pieces.size() && offset == pieces[first].size()) {
      ++first;
      offset = 0;
    }
    return first == pieces.size();
  }
  void Advance(size_t sent) {
    while (sent > 0) {
      const size_t here = std::min(sent, pieces[first].size() - offset);
      offset += here;
      sent -= here;
      if (sent > 0) {
        ++first;
        offset = 0;
      }
    }
  }
};

// Writes what the kernel takes now; the error that stopped it, would_block among them.
error_code SendNow(PolledSocket& socket, Unsent& unsent) {
  while (!unsent.done()) {
    iovec vectors[kMaxGathered];
    size_t count = 0;
    for (size_t i = unsent.first; i < unsent.pieces.size() && count < kMaxGathered; ++i) {
      const std::string_view rest = unsent.pieces[i].substr(i == unsent.first ? unsent.offset : 0);
      if (!rest.empty()) vectors[count++] = {const_cast<char*>(rest.data()), rest.size()};
    }
    const PolledSocket::Outcome outcome = socket.Write({vectors, count});
    if (outcome.error) return outcome.error;
    unsent.Advance(outcome.bytes);
  }
  return {};
}

}  // namespace

Task<base::Status> Transport::Write(std::string_view piece) {
  return Write(std::span<const std::string_view>(&piece, 1));
}

// The kernel nearly always takes all of it: then nothing waits and no frame is made.
Task<base::Status> Transport::Write(std::span<const std::string_view> pieces) {
  Stream& stream = *stream_;
  if (stream.expired() || stream.closed) {
    return Task<base::Status>::Ready(stream.WriteError({}));
  }
  if (stream.tls) {
    stream.tls_out.clear();
    for (const std::string_view piece : pieces) stream.tls_out += piece;
    return WriteTls();
  }
  Unsent unsent{pieces};
  const error_code error = SendNow(stream.Plain(), unsent);
  if (!error) return Task<base::Status>::Ready(base::Status());
  if (error != asio::error::would_block) {
    return Task<base::Status>::Ready(stream.WriteError(error));
  }
  std::vector<std::string_view> rest(pieces.begin() + static_cast<std::ptrdiff_t>(unsent.first),
                                     pieces.end());
  rest.front().remove_prefix(unsent.offset);
  return WriteRest(std::move(rest));
}

Task<base::Status> Transport::WriteTls() {
  Stream& stream = *stream_;
  auto [error, bytes] = co_await Async<size_t>(
      [&](auto handler) {
        asio::async_write(*stream.tls, asio::buffer(stream.tls_out), std::move(handler));
      },
      stream_);
  if (error) co_return stream.WriteError(error);
  co_return base::Status();
}

Task<base::Status> Transport::WriteRest(std::vector<std::string_view> pieces) {
  Stream& stream = *stream_;
  PolledSocket& socket = stream.Plain();
  Unsent unsent{pieces};
  while (true) {
    co_await socket.Writable();
    if (stream.expired() || stream.closed) co_return stream.WriteError({});
    const error_code error = SendNow(socket, unsent);
    if (!error) co_return base::Status();
    if (error != asio::error::would_block) co_return stream.WriteError(error);
  }
}

void Transport::set_deadline(TimePoint when, bool close) {
  stream_->close_when_expired = close;
  stream_->Set(when);
}

void Transport::set_deadline_in(std::chrono::nanoseconds duration) {
  set_deadline(CoarseNow() +
               std::chrono::duration_cast<std::chrono::steady_clock::duration>(duration));
}

Task<void> Transport::CloseGently(std::chrono::milliseconds at_most, uint64_t limit_bytes) {
  Stream& stream = *stream_;
  if (stream.closed) co_return;
  set_deadline_in(at_most);
  if (stream.tls) {
    co_await Async([&](auto handler) { stream.tls->async_shutdown(std::move(handler)); }, stream_);
  }
  if (!stream.closed) ::shutdown(stream.native_handle(), SHUT_WR);
  // Unread bytes at close would make the kernel send a reset, and the peer lose
  // what we wrote last. Below TLS: what comes now is not ours to understand.
  std::vector<char> dropped(4096);
  for (uint64_t total = 0; total < limit_bytes;) {
    if (stream.expired() || stream.closed) break;
    const size_t bytes = co_await DropSome(dropped);
    if (bytes == 0) break;
    total += bytes;
  }
  stream.Close();
}

// What came, TLS or not, and 0 at the end of it.
Task<size_t> Transport::DropSome(std::span<char> into) {
  Stream& stream = *stream_;
  if (!stream.tls) {
    const base::Result<size_t> read = co_await ReadPlain(into);
    co_return read.ok() ? read.value() : 0;
  }
  const asio::mutable_buffer buffer(into.data(), into.size());
  auto [error, bytes] = co_await Async<size_t>(
      [&](auto handler) { stream.socket.async_read_some(buffer, std::move(handler)); }, stream_);
  co_return error ? 0 : bytes;
}

void Transport::Close() {
  stream_->Close();
}
bool Transport::is_open() const {
  return !stream_->closed;
}

bool Transport::write_failed() const {
  return stream_->write_failed;
}
bool Transport::write_late() const {
  return stream_->write_late;
}

bool Transport::peer_gone() const {
  if (stream_->closed) return true;
  pollfd entry{stream_->native_handle(), POLLRDHUP, 0};
  return ::poll(&entry, 1, 0) > 0 &&
         (entry.revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL)) != 0;
}

bool Transport::quiet() const {
  if (stream_->closed || stream_->expired()) return false;
  pollfd entry{stream_->native_handle(), POLLIN | POLLRDHUP, 0};
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
const ClientCertificate* Transport::client_certificate() const {
  return stream_->client_certificate.get();
}

}  // namespace clew::net
