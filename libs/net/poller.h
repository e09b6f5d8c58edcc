// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/epoll.h>
#include <sys/uio.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/system/error_code.hpp>
#include <coroutine>
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
  std::vector<PolledSocket*> interrupted_;
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

  int native_handle() const { return socket_; }

 private:
  friend class Poller;
  void OnEvents(uint32_t events);
  void ResumeWaiters();

  Poller& poller_;
  const int socket_;
  bool readable_ = false;
  bool writable_ = true;
  bool hung_up_ = false;  // the end of the stream or an error is to be read
  bool interrupted_ = false;
  bool* gone_ = nullptr;  // told when the socket goes while it resumes its waiters
  std::coroutine_handle<> reader_;
  std::coroutine_handle<> writer_;
};

class [[nodiscard]] PolledSocket::Wait {
 public:
  Wait(bool ready, std::coroutine_handle<>& slot) : ready_(ready), slot_(slot) {}
  Wait(const Wait&) = delete;
  Wait& operator=(const Wait&) = delete;
  ~Wait() {
    if (waits_) slot_ = {};
  }

  bool await_ready() const noexcept { return ready_; }
  void await_suspend(std::coroutine_handle<> waiter) noexcept {
    slot_ = waiter;
    waits_ = true;
  }
  void await_resume() noexcept { waits_ = false; }

 private:
  const bool ready_;
  bool waits_ = false;
  std::coroutine_handle<>& slot_;
};

inline PolledSocket::Wait PolledSocket::Readable() {
  return Wait(readable_, reader_);
}
inline PolledSocket::Wait PolledSocket::Writable() {
  return Wait(writable_, writer_);
}

}  // namespace clew::net
