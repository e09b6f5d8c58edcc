// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/epoll.h>
#include <sys/uio.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/system/error_code.hpp>
#include <coroutine>
#include <deque>
#include <span>
#include <vector>

namespace clew::net {

class PolledSocket;

// Tells plain sockets of one loop when they can be read or written: an epoll of
// our own, edge-triggered, that lies in Asio's as one more descriptor. Asio tries
// every read before it waits and registers every wait; a proxy, whose peers answer
// later, pays for that with a system call in five and half of its user time.
class Poller {
 public:
  explicit Poller(boost::asio::io_context& context);
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

 private:
  friend class PolledSocket;
  static constexpr size_t kBatch = 256;

  void Arm();
  void Dispatch();
  void ResumeInterrupted();

  boost::asio::io_context& context_;
  boost::asio::posix::stream_descriptor descriptor_;
  bool armed_ = false;
  // The batch at hand: a socket that goes while it is dispatched is struck from it.
  std::array<epoll_event, kBatch> events_;
  size_t next_ = 0;
  size_t count_ = 0;
  std::deque<PolledSocket*> interrupted_;
};

// A connected non-blocking socket. At most one coroutine waits to read and one to
// write. All on the loop's thread; waiting coroutines must go before it does.
class PolledSocket {
 public:
  PolledSocket(Poller& poller, int socket);  // takes the socket over
  ~PolledSocket();                           // closes it
  PolledSocket(const PolledSocket&) = delete;
  PolledSocket& operator=(const PolledSocket&) = delete;

  struct Outcome {
    size_t bytes = 0;
    boost::system::error_code error;  // would_block: wait and try again
  };
  // What is there now; 0 bytes at the end of the stream.
  Outcome Read(std::span<char> into);
  Outcome Write(std::span<const iovec> pieces);

  // Awaited until a read or write may get further, or Interrupt. Spurious wakes happen.
  class Wait;
  Wait Readable();
  Wait Writable();
  // Wakes who waits, on the next turn of the loop.
  void Interrupt();

  bool has_waiters() const { return reader_ || writer_; }
  int native_handle() const { return socket_; }

 private:
  friend class Poller;
  static constexpr uint32_t kReadsATurn = 16;
  void OnEvents(uint32_t events);
  void ResumeWaiters();

  Poller& poller_;
  const int socket_;
  bool readable_ = false;
  bool writable_ = true;
  bool hung_up_ = false;  // the end of the stream or an error is to be read
  bool interrupted_ = false;
  uint32_t reads_ = 0;
  bool* gone_ = nullptr;  // told when the socket goes while it resumes its waiters
  std::coroutine_handle<> reader_;
  std::coroutine_handle<> writer_;
};

class [[nodiscard]] PolledSocket::Wait {
 public:
  Wait(PolledSocket& socket, std::coroutine_handle<>& slot, bool ready, bool may_go_on)
      : socket_(socket), slot_(slot), ready_(ready && may_go_on), yields_(ready && !may_go_on) {}
  Wait(const Wait&) = delete;
  Wait& operator=(const Wait&) = delete;
  ~Wait() {
    if (waits_) slot_ = {};
  }

  bool await_ready() const noexcept { return ready_; }
  void await_suspend(std::coroutine_handle<> waiter) noexcept {
    slot_ = waiter;
    waits_ = true;
    if (yields_) socket_.Interrupt();
  }
  void await_resume() noexcept { waits_ = false; }

 private:
  PolledSocket& socket_;
  std::coroutine_handle<>& slot_;
  const bool ready_;
  const bool yields_;  // ready, but others are to have their turn first
  bool waits_ = false;
};

// A peer that always has more does not keep its loop from the others.
inline PolledSocket::Wait PolledSocket::Readable() {
  return Wait(*this, reader_, readable_, ++reads_ % kReadsATurn != 0);
}
inline PolledSocket::Wait PolledSocket::Writable() {
  return Wait(*this, writer_, writable_, true);
}

}  // namespace clew::net
