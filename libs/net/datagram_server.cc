// SPDX-License-Identifier: Apache-2.0
// One coroutine waits for the socket, reads until nothing is left and starts a task for
// each datagram. When too many run it waits for one of them instead: what comes meanwhile
// is kept by the kernel, whose buffer is the only queue. The kernel counts what it drops
// and tells so with the next datagram it hands over (SO_RXQ_OVFL).
#include "net/datagram_server.h"

#include <sys/socket.h>

#include <boost/asio/ip/udp.hpp>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <optional>
#include <utility>

#include "net/async.h"
#include "net/event_loop_internal.h"
#include "net/limits.h"
#include "net/listen_error.h"
#include "net/signal.h"

namespace clew::net {

namespace asio = boost::asio;
using asio::ip::udp;
using boost::system::error_code;

namespace {

// What the coroutines share; it outlives the server while any of them runs. All but what
// is said to be of any thread belongs to the loop's.
struct Receiving {
  Receiving(EventLoop& on, DatagramHandler& to)
      : loop(on), handler(to), socket(on.impl().context), buffer(kMaxDatagramBytes, '\0') {}

  EventLoop& loop;
  DatagramHandler& handler;
  udp::socket socket;
  std::string buffer;
  size_t in_flight = 0;
  uint32_t dropped = 0;  // as the kernel counts, from 0 again after the largest number
  Signal room;
  bool draining = false;
  bool receiving = true;

  // Of any thread.
  std::mutex mutex;
  std::condition_variable done_changed;
  bool done = false;

  void NoteWhetherDone() {
    if (receiving || in_flight > 0) return;
    const std::lock_guard lock(mutex);
    done = true;
    done_changed.notify_all();
  }
};

// Counts a datagram from its arrival to the end of its task.
class InFlight {
 public:
  explicit InFlight(Receiving& receiving) : receiving_(receiving) { ++receiving_.in_flight; }
  InFlight(const InFlight&) = delete;
  InFlight& operator=(const InFlight&) = delete;
  ~InFlight() {
    --receiving_.in_flight;
    receiving_.NoteWhetherDone();
  }

 private:
  Receiving& receiving_;
};

Task<void> HandleOne(std::shared_ptr<Receiving> receiving, std::string datagram,
                     std::unique_ptr<InFlight> in_flight) {
  co_await receiving->handler.Handle(receiving->loop, std::move(datagram));
  in_flight.reset();
  receiving->room.Resume();
}

// The kernel's count of dropped datagrams, if it is told beside this one.
void NoteDropped(msghdr& message, Receiving& receiving) {
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
       part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SO_RXQ_OVFL) continue;
    uint32_t dropped = 0;
    std::memcpy(&dropped, CMSG_DATA(part), sizeof dropped);
    const uint32_t more = dropped - std::exchange(receiving.dropped, dropped);
    if (more > 0) receiving.handler.OnDropped(more);
  }
}

// The next datagram that has come; nullopt when there is none.
std::optional<std::string> TakeDatagram(Receiving& receiving) {
  iovec piece{.iov_base = receiving.buffer.data(), .iov_len = receiving.buffer.size()};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(uint32_t))];
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  ssize_t bytes = 0;
  do {
    bytes = ::recvmsg(receiving.socket.native_handle(), &message, MSG_DONTWAIT);
  } while (bytes < 0 && errno == EINTR);
  if (bytes < 0) return std::nullopt;
  NoteDropped(message, receiving);
  return receiving.buffer.substr(0, static_cast<size_t>(bytes));
}

// Starts a task for each datagram that has come. True when there may be more.
bool StartTasks(const std::shared_ptr<Receiving>& receiving) {
  for (int i = 0; i < kDatagramsATurn; ++i) {
    if (receiving->in_flight >= kMaxDatagramsInFlight) return true;
    std::optional<std::string> datagram = TakeDatagram(*receiving);
    if (!datagram) return false;
    receiving->loop.Spawn(
        HandleOne(receiving, *std::move(datagram), std::make_unique<InFlight>(*receiving)));
  }
  return true;
}

Task<void> Receive(std::shared_ptr<Receiving> receiving) {
  while (receiving->socket.is_open()) {
    if (receiving->in_flight >= kMaxDatagramsInFlight) {
      co_await receiving->room.Wait();
    } else if (StartTasks(receiving)) {
      co_await receiving->loop.SleepFor(std::chrono::nanoseconds(0));
    } else if (receiving->draining) {
      break;
    } else {
      co_await Async([&](auto handler) {
        receiving->socket.async_wait(udp::socket::wait_read, std::move(handler));
      });
    }
  }
  error_code ignored;
  receiving->socket.close(ignored);
  receiving->receiving = false;
  receiving->NoteWhetherDone();
}

class UdpServer final : public DatagramServer {
 public:
  UdpServer(EventLoop& loop, DatagramHandler& handler)
      : receiving_(std::make_shared<Receiving>(loop, handler)) {}
  ~UdpServer() override {
    receiving_->loop.Post([receiving = receiving_] {
      error_code ignored;
      receiving->socket.close(ignored);
      receiving->room.Resume();
    });
  }

  base::Status Open(const std::string& address, uint16_t port);
  uint16_t port() const override { return port_; }
  void Drain(std::chrono::milliseconds grace) override;

 private:
  std::shared_ptr<Receiving> receiving_;
  uint16_t port_ = 0;
};

// Of what the kernel permits, which without privileges may be less.
void RaiseBuffer(int socket) {
  constexpr int kBytes = kDatagramBufferBytes;
  if (::setsockopt(socket, SOL_SOCKET, SO_RCVBUFFORCE, &kBytes, sizeof kBytes) == 0) return;
  (void)::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &kBytes, sizeof kBytes);
}

base::Status UdpServer::Open(const std::string& address, uint16_t port) {
  error_code error;
  const asio::ip::address parsed = asio::ip::make_address(address, error);
  if (error) return NoAddress(address);
  udp::socket& socket = receiving_->socket;
  const udp::endpoint endpoint(parsed, port);
  socket.open(endpoint.protocol(), error);
  if (!error) socket.bind(endpoint, error);
  if (error) return CannotListen(address, port, error);
  RaiseBuffer(socket.native_handle());
  constexpr int kOn = 1;
  (void)::setsockopt(socket.native_handle(), SOL_SOCKET, SO_RXQ_OVFL, &kOn, sizeof kOn);
  port_ = socket.local_endpoint(error).port();
  receiving_->loop.Spawn(Receive(receiving_));
  return {};
}

void UdpServer::Drain(std::chrono::milliseconds grace) {
  receiving_->loop.Post([receiving = receiving_] {
    receiving->draining = true;
    error_code ignored;
    receiving->socket.cancel(ignored);
  });
  {
    std::unique_lock lock(receiving_->mutex);
    if (receiving_->done_changed.wait_for(lock, grace, [this] { return receiving_->done; })) return;
  }
  receiving_->loop.Post([receiving = receiving_] {
    error_code ignored;
    receiving->socket.close(ignored);
    receiving->room.Resume();
  });
}

}  // namespace

base::Result<std::unique_ptr<DatagramServer>> DatagramServer::Listen(const std::string& address,
                                                                     uint16_t port, EventLoop& loop,
                                                                     DatagramHandler& handler) {
  auto server = std::make_unique<UdpServer>(loop, handler);
  base::Status opened = server->Open(address, port);
  if (!opened.ok()) return std::move(opened).error();
  return std::unique_ptr<DatagramServer>(std::move(server));
}

}  // namespace clew::net
