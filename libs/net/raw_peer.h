// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"

namespace clew::net {

// For tests: one end of a TCP connection that sends bytes exactly when it is told
// to, which no proper client or server does. Blocks, so it belongs to a thread
// that is not a loop's; what never comes fails after kPatience, not never.
class RawPeer {
 public:
  static constexpr timeval kPatience{.tv_sec = 20, .tv_usec = 0};

  static RawPeer ConnectTo(uint16_t port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    CHECK(socket >= 0);
    const sockaddr_in address = Loopback(port);
    CHECK(::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    return RawPeer(socket);
  }

  explicit RawPeer(int socket) : socket_(socket) {
    CHECK(socket >= 0);
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
  }
  RawPeer(const RawPeer&) = delete;
  RawPeer& operator=(const RawPeer&) = delete;
  ~RawPeer() { ::close(socket_); }

  // False once the other end has closed.
  bool Send(std::string_view bytes) {
    return ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(bytes.size());
  }
  // What comes up to and with `end`; less when the other end closes first.
  std::string ReadThrough(std::string_view end) {
    std::string all;
    char byte = 0;
    while (!all.ends_with(end) && ::recv(socket_, &byte, 1, 0) == 1) all += byte;
    return all;
  }
  // Everything up to the close of the other end; a reset is one
  // too. Ends in "<not closed>" when none came.
  std::string ReadToClose() {
    std::string all;
    char buffer[4096];
    while (true) {
      const ssize_t size = ::recv(socket_, buffer, sizeof buffer, 0);
      if (size == 0 || (size < 0 && errno == ECONNRESET)) return all;
      if (size < 0) return all + "<not closed>";
      all.append(buffer, static_cast<size_t>(size));
    }
  }
  // The connection will end by a reset instead of a FIN.
  void ResetAtTheEnd() {
    const linger now{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  }

  static sockaddr_in Loopback(uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }

 private:
  const int socket_;
};

// For tests: a free port whose connections are taken one by one, by hand.
class RawListener {
 public:
  RawListener() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address = RawPeer::Loopback(0);
    socklen_t size = sizeof address;
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &RawPeer::kPatience, sizeof(timeval));
    CHECK(socket_ >= 0);
    CHECK(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), size) == 0);
    CHECK(::listen(socket_, 8) == 0);
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }
  RawListener(const RawListener&) = delete;
  RawListener& operator=(const RawListener&) = delete;
  ~RawListener() { ::close(socket_); }

  uint16_t port() const { return port_; }
  RawPeer Accept() { return RawPeer(::accept(socket_, nullptr, nullptr)); }

 private:
  const int socket_;
  uint16_t port_ = 0;
};

}  // namespace clew::net
