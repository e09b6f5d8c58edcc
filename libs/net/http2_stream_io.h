// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/event_loop_internal.h"
#include "net/http2_link.h"
#include "net/minimum_rate.h"
#include "net/task.h"

namespace clew::net {

// When an exchange gives up waiting: at `deadline`, or when for `stall` nothing came or went, or
// too little (MinimumRate).
struct Http2Patience {
  std::chrono::milliseconds stall = std::chrono::milliseconds::max();
  std::chrono::milliseconds slow_body = std::chrono::milliseconds::max();
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
};

// Reading and writing one stream from coroutines, the same on both sides. One
// reader and one writer at a time. Keeps the link and the stream.
class Http2StreamIo {
 public:
  Http2StreamIo(std::shared_ptr<Http2Link> link, Http2Session::StreamPointer stream,
                Http2Patience patience);

  Http2Link& link() { return *link_; }
  Http2Stream& stream() { return *stream_; }
  const Http2Stream& stream() const { return *stream_; }

  Task<base::Status> WaitForHead();
  // The next piece of the input, empty at its end; holds until the next call.
  Task<base::Result<std::string_view>> Read();
  // Returns when `piece` has become frames, or was copied and all before it has.
  Task<base::Status> Write(std::string_view piece);
  void End(Headers trailers);
  // Until all that was queued has become frames.
  Task<base::Status> WaitUntilTaken();

  // Drops what is left of the input and resets the stream if it still runs.
  void Abandon(uint32_t code);
  bool past_deadline() const;

 private:
  class Timer final : public Deadline {
   public:
    Timer(EventLoop& loop, Http2StreamIo& io) : Deadline(loop.impl()), io_(io) {}

   private:
    void OnExpired() override;
    Http2StreamIo& io_;
  };

  class WaitingBytes;

  std::string_view NextPiece();
  Task<void> AwaitInput();
  // What Read gives when no input can come any more; empty while some can.
  std::optional<base::Result<std::string_view>> InputEnd() const;
  void Arm(const MinimumRate& rate);
  void Disarm();
  bool gave_up() const { return timer_.expired() || past_deadline(); }
  base::Error ClosedError() const;
  static base::Error LateError(std::string_view what);

  std::shared_ptr<Http2Link> link_;
  Http2Session::StreamPointer stream_;
  const Http2Patience patience_;
  Timer timer_;
  MinimumRate input_rate_;
  MinimumRate output_rate_;
  int waiting_ = 0;
  std::string current_;  // what Read hands out
  size_t handed_out_ = 0;
};

}  // namespace clew::net
