// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "net/event_loop.h"
#include "net/task.h"

namespace clew::net {

// Takes datagrams. Called on one loop; several at a time, each until its task ends.
class DatagramHandler {
 public:
  virtual ~DatagramHandler() = default;
  virtual Task<void> Handle(EventLoop& loop, std::string datagram) = 0;
  // So many more were dropped by the kernel, as the one that is handled next tells.
  virtual void OnDropped(uint64_t count) = 0;
};

// Receives the datagrams of one UDP port, on one loop, and never answers. At most
// kMaxDatagramsInFlight are handled at a time; while they are, others wait in the kernel,
// which drops what finds no room there. Start and Drain are called from one thread, off
// the loop.
class DatagramServer {
 public:
  // Port 0: any free one. kInvalidArgument for a bad address; kIo when the port is in use
  // or not permitted, in one sentence fit for a person. The handler outlives the loop's
  // last datagram, which is at the latest the end of the loop.
  static base::Result<std::unique_ptr<DatagramServer>> Listen(const std::string& address,
                                                              uint16_t port, EventLoop& loop,
                                                              DatagramHandler& handler);
  virtual ~DatagramServer() = default;
  virtual uint16_t port() const = 0;

  // Takes what has come already, and returns when all of it is handled, or after `grace`.
  // Nothing is received from then on.
  virtual void Drain(std::chrono::milliseconds grace) = 0;
};

}  // namespace clew::net
