// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/client_certificate.h"
#include "net/event_loop.h"
#include "net/task.h"

namespace clew::net {

// A TCP socket that knows its executor's type: Asio then calls it without indirection.
using Socket =
    boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

// One connected stream of bytes, TCP or TLS over it. At most one read and one
// write at a time; all on its loop's thread. Destroying it closes the socket;
// an operation whose coroutine is destroyed simply never resumes.
class Transport {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  // Takes over an accepted socket: TCP_NODELAY, non-blocking.
  Transport(EventLoop& loop, Socket socket);
  Transport(Transport&&) noexcept;
  Transport& operator=(Transport&&) noexcept;
  ~Transport();

  // Turns the connection into TLS. `context` outlives the transport.
  Task<base::Status> HandshakeAsServer(boost::asio::ssl::context& context);
  // Verifies the certificate against `host`; offers `alpn` ("h2" or "http/1.1").
  Task<base::Status> HandshakeAsClient(boost::asio::ssl::context& context, std::string host,
                                       std::string_view alpn);

  // Bytes read, 0 at the end of the stream. kDeadlineExceeded once the deadline has
  // passed (also for the next calls, until it is set anew), kCancelled after Close, kIo.
  Task<base::Result<size_t>> ReadSome(std::span<char> into);
  // All pieces, gathered into as few system calls as possible. The pieces' bytes
  // must hold until the write is awaited to its end; the array of pieces need not.
  Task<base::Status> Write(std::span<const std::string_view> pieces);
  Task<base::Status> Write(std::string_view piece);

  // Ends the pending and the following operations; TimePoint::max() for none.
  // It is for both directions. With `close` the socket is closed too.
  void set_deadline(TimePoint when, bool close = false);
  void set_deadline_in(std::chrono::nanoseconds duration);

  // Says "no more bytes from here" (close_notify on TLS, then FIN), drops what
  // still comes until the peer closes too, then closes. The peer gets all that was written.
  Task<void> CloseGently(std::chrono::milliseconds at_most, uint64_t limit_bytes);
  // Closes at once; pending operations return kCancelled.
  void Close();

  bool is_open() const;
  // A write has failed: the peer misses bytes.
  bool write_failed() const;
  // It has, because the peer did not take them before the deadline.
  bool write_late() const;
  // The peer has closed its side or reset the connection. A system call.
  bool peer_gone() const;
  // Nothing to read and not closed: a pooled connection that may be used. A system call.
  bool quiet() const;

  bool is_tls() const;
  std::string_view alpn() const;            // chosen by the handshake, or empty
  std::string_view remote_address() const;  // "127.0.0.1:51234"
  // What the client of a server has shown; null when nothing was asked for. Holds as long as this.
  const ClientCertificate* client_certificate() const;

 private:
  class Stream;
  Task<base::Result<size_t>> ReadPlain(std::span<char> into);
  Task<base::Result<size_t>> ReadTls(std::span<char> into);
  Task<size_t> DropSome(std::span<char> into);
  Task<base::Status> WriteTls();
  Task<base::Status> WriteRest(std::vector<std::string_view> pieces);

  std::shared_ptr<Stream> stream_;
};

struct ConnectOptions {
  std::string host;
  uint16_t port = 80;
  boost::asio::ssl::context* tls = nullptr;  // null: plain
  std::string_view alpn;                     // of TLS
  std::chrono::milliseconds timeout{2000};   // of resolving, connecting and the handshake
};

// Connects to a numeric address or a name. kUnavailable when nothing answers,
// kDeadlineExceeded past `deadline`.
Task<base::Result<Transport>> Connect(EventLoop& loop, ConnectOptions options,
                                      Transport::TimePoint deadline);

}  // namespace clew::net
