// SPDX-License-Identifier: Apache-2.0
#include "net/poller.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <utility>

#include "base/check.h"

namespace clew::net {

namespace {

constexpr int kBatchesATurn = 4;

boost::system::error_code LastError() {
  return {errno == EWOULDBLOCK ? EAGAIN : errno, boost::system::system_category()};
}

int NewEpoll() {
  const int epoll = epoll_create1(EPOLL_CLOEXEC);
  CHECK(epoll >= 0);
  return epoll;
}

}  // namespace

Poller::Poller(boost::asio::io_context& context)
    : context_(context), descriptor_(context, NewEpoll()) {}

void Poller::Arm() {
  if (std::exchange(armed_, true)) return;
  descriptor_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                         [this](boost::system::error_code error) {
                           armed_ = false;
                           if (!error) Dispatch();
                         });
}

// A few batches a turn, which spares the way through Asio, and then timers and
// posted work get theirs.
void Poller::Dispatch() {
  for (int batch = 0; batch < kBatchesATurn; ++batch) {
    const int count =
        epoll_wait(descriptor_.native_handle(), events_.data(), static_cast<int>(kBatch), 0);
    if (count <= 0) break;
    count_ = static_cast<size_t>(count);
    for (next_ = 0; next_ < count_;) {
      const epoll_event event = events_[next_++];
      if (event.data.ptr != nullptr) {
        static_cast<PolledSocket*>(event.data.ptr)->OnEvents(event.events);
      }
    }
    count_ = 0;
  }
  Arm();
}

void Poller::ResumeInterrupted() {
  // Each comes with a call of its own: one that is interrupted again takes its place behind all
  // else that the loop has to do.
  if (interrupted_.empty()) return;
  PolledSocket* const socket = interrupted_.front();
  interrupted_.pop_front();
  socket->interrupted_ = false;
  socket->ResumeWaiters();
}

PolledSocket::PolledSocket(Poller& poller, int socket) : poller_(poller), socket_(socket) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = this;
  // Without memory for one more watch a connection ends as if its peer had gone.
  if (epoll_ctl(poller_.descriptor_.native_handle(), EPOLL_CTL_ADD, socket_, &event) != 0) {
    ::shutdown(socket_, SHUT_RDWR);
    readable_ = true;
  }
  poller_.Arm();
}

PolledSocket::~PolledSocket() {
  if (gone_ != nullptr) *gone_ = true;
  for (size_t i = poller_.next_; i < poller_.count_; ++i) {
    if (poller_.events_[i].data.ptr == this) poller_.events_[i].data.ptr = nullptr;
  }
  if (interrupted_) std::erase(poller_.interrupted_, this);
  ::close(socket_);
}

PolledSocket::Outcome PolledSocket::Read(std::span<char> into) {
  while (true) {
    const ssize_t bytes = ::recv(socket_, into.data(), into.size(), 0);
    if (bytes >= 0) {
      // Less than there was room for: the socket is drained and the next edge will tell.
      readable_ = hung_up_ || static_cast<size_t>(bytes) == into.size();
      return {static_cast<size_t>(bytes), {}};
    }
    if (errno == EINTR) continue;
    const boost::system::error_code error = LastError();
    if (errno == EAGAIN) readable_ = false;
    return {0, error};
  }
}

PolledSocket::Outcome PolledSocket::Write(std::span<const iovec> pieces) {
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(pieces.data());
  message.msg_iovlen = pieces.size();
  while (true) {
    // One piece is cheaper without the array around it.
    const ssize_t bytes = pieces.size() == 1
                              ? ::send(socket_, pieces[0].iov_base, pieces[0].iov_len, MSG_NOSIGNAL)
                              : ::sendmsg(socket_, &message, MSG_NOSIGNAL);
    if (bytes >= 0) return {static_cast<size_t>(bytes), {}};
    if (errno == EINTR) continue;
    const boost::system::error_code error = LastError();
    if (errno == EAGAIN) writable_ = false;
    return {0, error};
  }
}

void PolledSocket::Interrupt() {
  if (!has_waiters() || std::exchange(interrupted_, true)) return;
  poller_.interrupted_.push_back(this);
  boost::asio::post(poller_.context_, [poller = &poller_] { poller->ResumeInterrupted(); });
}

void PolledSocket::OnEvents(uint32_t events) {
  if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) hung_up_ = true;
  const bool may_read = hung_up_ || (events & EPOLLIN) != 0;
  const bool may_write = hung_up_ || (events & EPOLLOUT) != 0;
  readable_ = readable_ || may_read;
  writable_ = writable_ || may_write;
  if (may_read && may_write) return ResumeWaiters();
  if (may_read && reader_) std::exchange(reader_, {}).resume();
  if (may_write && writer_) std::exchange(writer_, {}).resume();
}

void PolledSocket::ResumeWaiters() {
  bool gone = false;
  gone_ = &gone;
  if (reader_) std::exchange(reader_, {}).resume();
  if (gone) return;
  gone_ = nullptr;
  if (writer_) std::exchange(writer_, {}).resume();
}

}  // namespace clew::net
