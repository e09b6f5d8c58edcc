// SPDX-License-Identifier: Apache-2.0
#include "net/server.h"

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <span>
#include <utility>

#include "net/async.h"
#include "net/coarse_clock.h"
#include "net/connection.h"
#include "net/connection_limit.h"
#include "net/event_loop_internal.h"
#include "net/http1_server.h"
#include "net/http2_server.h"
#include "net/listen_error.h"
#include "net/server_tls.h"
#include "net/transport.h"

namespace clew::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::string_view kHttp2Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

// Runs `work` on the loop and waits for it, for at most `at_most`.
void RunOn(EventLoop& loop, std::chrono::milliseconds at_most, std::function<void()> work) {
  struct Rendezvous {
    std::mutex mutex;
    std::condition_variable done_changed;
    bool done = false;
  };
  auto meeting = std::make_shared<Rendezvous>();
  loop.Post([meeting, work = std::move(work)] {
    work();
    const std::lock_guard lock(meeting->mutex);
    meeting->done = true;
    meeting->done_changed.notify_all();
  });
  std::unique_lock lock(meeting->mutex);
  meeting->done_changed.wait_for(lock, at_most, [&] { return meeting->done; });
}

// What the connections share; it outlives the server while any of them runs.
struct Shared {
  Shared(size_t loops, std::shared_ptr<PortCounters> counting,
         std::shared_ptr<ConnectionLimit> connection_limit)
      : lists(loops), counters(std::move(counting)), limit(std::move(connection_limit)) {}

  std::vector<ConnectionList> lists;  // one per loop, touched on its thread only
  const std::shared_ptr<PortCounters> counters;
  const std::shared_ptr<ConnectionLimit> limit;
  std::shared_ptr<ServerTls> tls;  // null: plain text
  std::atomic<size_t> connections{0};
  std::mutex mutex;
  std::condition_variable connections_changed;

  void Ended() {
    limit->Leave();
    const std::lock_guard lock(mutex);
    --connections;
    counters->open.Take();
    connections_changed.notify_all();
  }
};

// Counts a connection, which the limit has let in, to the end of its coroutine.
class ConnectionCount {
 public:
  explicit ConnectionCount(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {
    ++shared_->connections;
    shared_->counters->open.Add();
  }
  ConnectionCount(ConnectionCount&&) noexcept = default;
  ConnectionCount& operator=(ConnectionCount&&) = delete;
  ~ConnectionCount() {
    if (shared_) shared_->Ended();
  }

 private:
  std::shared_ptr<Shared> shared_;
};

// Until the protocol is known. A request may be on its way: it is waited for, but not for long.
class Unsniffed final : public ConnectionControl {
 public:
  Unsniffed(Transport& transport, const ConnectionContext& context)
      : transport_(transport), context_(context) {}
  void StartDrain() override {
    draining_ = true;
    transport_.set_deadline_in(kLastRequestTime);
  }
  void Abort() override { transport_.Close(); }
  void CloseIfIdle(std::chrono::steady_clock::duration at_least) override {
    if (!transport_.is_open() || CoarseNow() - since_ < at_least) return;
    context_.NoteEnd(EndReason::kShortage, transport_.remote_address());
    transport_.Close();
  }
  // One deadline for all that is next: no byte buys more time.
  void Wait(std::chrono::milliseconds at_most) {
    transport_.set_deadline_in(draining_ ? kLastRequestTime : at_most);
  }

 private:
  Transport& transport_;
  const ConnectionContext& context_;
  const std::chrono::steady_clock::time_point since_ = CoarseNow();
  bool draining_ = false;
};

// Reads until the bytes tell HTTP/2 from HTTP/1. Empty: the peer has gone or is
// late, and what came until then is no request of either.
Task<std::string> Sniff(Transport& transport, const ConnectionContext& context) {
  std::string bytes(kMinReadBytes, '\0');
  size_t size = 0;
  while (true) {
    base::Result<size_t> got = co_await transport.ReadSome(std::span(bytes).subspan(size));
    if (!got.ok() && got.error().code == base::ErrorCode::kDeadlineExceeded && size > 0) {
      context.NoteEnd(EndReason::kSlowHead, transport.remote_address());
    }
    if (!got.ok() || got.value() == 0) co_return std::string();
    size += got.value();
    const std::string_view start(bytes.data(), std::min(size, kHttp2Preface.size()));
    if (size >= kHttp2Preface.size() || !kHttp2Preface.starts_with(start)) {
      bytes.resize(size);
      co_return bytes;
    }
  }
}

Task<void> ServeConnection(Transport transport, std::shared_ptr<Shared> shared,
                           ConnectionContext context, ConnectionCount) {
  std::string already_read;
  bool http2 = false;
  {
    Unsniffed control(transport, context);
    const ConnectionListing listing(context.connections, control);
    if (shared->tls) {
      control.Wait(context.timeouts.handshake);
      const std::shared_ptr<ServerTls::Context> tls = shared->tls->ContextOfNow();
      base::Status done = co_await transport.HandshakeAsServer(*tls);
      if (!done.ok()) {
        shared->counters->failed_tls_handshakes.Add();
        co_return;
      }
      shared->counters->tls_handshakes.Add();
      http2 = transport.alpn() == "h2";
    }
    if (!http2) {
      control.Wait(context.timeouts.header);
      already_read = co_await Sniff(transport, context);
      if (already_read.empty()) co_return;
      http2 = already_read.starts_with(kHttp2Preface);
    }
    if (!transport.is_open()) co_return;
  }
  if (http2) {
    co_await ServeHttp2(std::move(transport), std::move(already_read), std::move(context));
  } else {
    co_await ServeHttp1(std::move(transport), std::move(already_read), std::move(context));
  }
}

class PortServer final : public Server {
 public:
  PortServer(const ListenOptions& options, std::vector<EventLoop*> loops, Handler& handler)
      : loops_(std::move(loops)),
        handler_(handler),
        timeouts_(options.timeouts),
        body_limit_bytes_(options.body_limit_bytes == 0 ? kDefaultBodyLimitBytes
                                                        : options.body_limit_bytes),
        bodies_(options.bodies),
        shared_(std::make_shared<Shared>(loops_.size(), options.counters,
                                         options.connections != nullptr
                                             ? options.connections
                                             : std::make_shared<ConnectionLimit>(kMaxConnections))),
        acceptor_(std::make_shared<tcp::acceptor>(loops_[0]->impl().context)) {}

  // The accepting coroutine ends with the acceptor it shares.
  ~PortServer() override {
    loops_[0]->Post([acceptor = acceptor_] {
      error_code ignored;
      acceptor->close(ignored);
    });
  }

  base::Status Open(const ListenOptions& options);
  uint16_t port() const override { return port_; }
  void Drain(std::chrono::milliseconds grace) override;

 private:
  // What accepting needs, by value: it may outlast the server by a turn.
  struct Accepting {
    std::shared_ptr<tcp::acceptor> acceptor;
    std::shared_ptr<Shared> shared;
    std::vector<EventLoop*> loops;
    Handler& handler;
    Timeouts timeouts;
    uint64_t body_limit_bytes;
    BodyBudget* bodies;
  };
  Accepting accepting() const {
    return {acceptor_, shared_, loops_, handler_, timeouts_, body_limit_bytes_, bodies_};
  }
  static Task<void> Accept(Accepting accepting);
  // Takes what has connected already and no more.
  static void AcceptLast(const Accepting& accepting);
  void CloseIdleInShortage();
  static void HandOver(const Accepting& accepting, size_t loop_index, Socket socket);

  std::vector<EventLoop*> loops_;
  Handler& handler_;
  Timeouts timeouts_;
  uint64_t body_limit_bytes_;
  BodyBudget* const bodies_;
  std::shared_ptr<Shared> shared_;
  std::shared_ptr<tcp::acceptor> acceptor_;
  uint16_t port_ = 0;
};

base::Status PortServer::Open(const ListenOptions& options) {
  error_code error;
  const asio::ip::address address = asio::ip::make_address(options.address, error);
  if (error) return NoAddress(options.address);
  if (!options.tls.certificate_path.empty()) {
    shared_->tls = TRY(ServerTls::Open(options.tls));
  }
  const tcp::endpoint endpoint(address, options.port);
  acceptor_->open(endpoint.protocol(), error);
  if (!error) acceptor_->set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_->bind(endpoint, error);
  if (!error) acceptor_->listen(kListenBacklog, error);
  if (error) return CannotListen(options.address, options.port, error);
  port_ = acceptor_->local_endpoint(error).port();
  CloseIdleInShortage();
  loops_[0]->Spawn(Accept(accepting()));
  return base::Status();
}

void PortServer::CloseIdleInShortage() {
  shared_->limit->OnShortage(
      [weak = std::weak_ptr(shared_), loops = loops_, at_least = timeouts_.idle_in_shortage] {
        const std::shared_ptr<Shared> shared = weak.lock();
        if (shared == nullptr) return false;
        for (size_t i = 0; i < loops.size(); ++i) {
          loops[i]->Post([shared, i, at_least] {
            const auto open = shared->lists[i].open;
            for (ConnectionControl* connection : open) connection->CloseIfIdle(at_least);
          });
        }
        return true;
      });
}

Task<void> PortServer::Accept(Accepting accepting) {
  size_t next = 0;
  while (true) {
    const size_t index = next++ % accepting.loops.size();
    Socket socket(accepting.loops[index]->impl().context);
    auto [error, nothing] = co_await Async(
        [&](auto handler) { accepting.acceptor->async_accept(socket, std::move(handler)); },
        accepting.acceptor);
    if (!accepting.acceptor->is_open() || error == asio::error::operation_aborted) co_return;
    if (error) {
      // Out of descriptors, or a peer that has already gone: neither ends the service.
      accepting.shared->counters->NoteFailedAccept(error.message());
      co_await accepting.loops[0]->SleepFor(std::chrono::milliseconds(10));
      continue;
    }
    accepting.shared->counters->accepted.Add();
    if (!accepting.shared->limit->Enter()) {
      accepting.shared->counters->over_limit.Add();
      continue;
    }
    HandOver(accepting, index, std::move(socket));
  }
}

// To a client that has connected, closing would be a reset of what it has sent.
void PortServer::AcceptLast(const Accepting& accepting) {
  error_code error;
  accepting.acceptor->non_blocking(true, error);
  for (size_t next = 0; !error && accepting.shared->connections < kMaxConnections; ++next) {
    const size_t index = next % accepting.loops.size();
    Socket socket(accepting.loops[index]->impl().context);
    accepting.acceptor->accept(socket, error);
    if (!error) HandOver(accepting, index, std::move(socket));
  }
  accepting.acceptor->close(error);
}

void PortServer::HandOver(const Accepting& accepting, size_t loop_index, Socket socket) {
  EventLoop& loop = *accepting.loops[loop_index];
  asio::post(loop.impl().context,
             [accepting, loop_index, &loop, count = ConnectionCount(accepting.shared),
              owned = std::move(socket)]() mutable {
               ConnectionContext context{
                   accepting.handler,
                   loop,
                   accepting.shared->lists[loop_index],
                   accepting.timeouts,
                   accepting.body_limit_bytes,
                   accepting.bodies == nullptr ? nullptr : &accepting.bodies->OnLoop(loop),
                   accepting.shared,
                   accepting.shared->counters.get()};
               loop.Spawn(ServeConnection(Transport(loop, std::move(owned)), accepting.shared,
                                          std::move(context), std::move(count)));
             });
}

void PortServer::Drain(std::chrono::milliseconds grace) {
  constexpr std::chrono::milliseconds kLoopAnswer{1000};
  RunOn(*loops_[0], kLoopAnswer, [accepting = accepting()] { AcceptLast(accepting); });
  for (size_t i = 0; i < loops_.size(); ++i) {
    RunOn(*loops_[i], kLoopAnswer, [shared = shared_, i] {
      shared->lists[i].draining = true;
      const auto open = shared->lists[i].open;
      for (ConnectionControl* connection : open) connection->StartDrain();
    });
  }
  const auto all_ended = [this] { return shared_->connections == 0; };
  {
    std::unique_lock lock(shared_->mutex);
    if (shared_->connections_changed.wait_for(lock, grace, all_ended)) return;
  }
  for (size_t i = 0; i < loops_.size(); ++i) {
    RunOn(*loops_[i], kLoopAnswer, [shared = shared_, i] {
      const auto open = shared->lists[i].open;
      for (ConnectionControl* connection : open) connection->Abort();
    });
  }
  std::unique_lock lock(shared_->mutex);
  shared_->connections_changed.wait_for(lock, kLoopAnswer, all_ended);
}

}  // namespace

base::Result<std::unique_ptr<Server>> Server::Listen(const ListenOptions& options,
                                                     std::vector<EventLoop*> loops,
                                                     Handler& handler) {
  auto server = std::make_unique<PortServer>(options, std::move(loops), handler);
  base::Status opened = server->Open(options);
  if (!opened.ok()) return std::move(opened).error();
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace clew::net
