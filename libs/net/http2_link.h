// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/event_loop.h"
#include "net/event_loop_internal.h"
#include "net/http2_session.h"
#include "net/signal.h"
#include "net/transport.h"

namespace clew::net {

struct Http2LinkOptions {
  Http2Role role = Http2Role::kServer;
  std::chrono::milliseconds first_stream{10'000};  // from the start to the first request
  std::chrono::milliseconds head{10'000};          // of a request, from its first frame to its last
  std::chrono::milliseconds idle{75'000};          // without a stream
  std::chrono::milliseconds write_stall{30'000};   // the peer reads nothing
  std::chrono::milliseconds linger{2'000};
  BodiesOfLoop* bodies = nullptr;  // see Http2Session
};

// A session joined to its socket: one coroutine reads, one writes, and whoever
// waits for a stream is resumed when it has changed. Shared by its coroutines and
// the exchanges on it. On its loop's thread.
class Http2Link : public std::enable_shared_from_this<Http2Link> {
 public:
  Http2Link(EventLoop& loop, Transport transport, Http2LinkOptions options);
  virtual ~Http2Link() = default;
  Http2Link(const Http2Link&) = delete;
  Http2Link& operator=(const Http2Link&) = delete;

  // Reads and writes until the connection has ended; every stream is closed then.
  static Task<void> Run(std::shared_ptr<Http2Link> link, std::string already_read);

  Http2Session& session() { return session_; }
  EventLoop& loop() { return loop_; }
  const Transport& transport() const { return transport_; }
  bool ended() const { return ended_; }
  BodiesOfLoop* bodies() const { return options_.bodies; }

  // Whatever was given to the session will be written soon, together with what
  // the other coroutines of this turn of the loop give it.
  void Kick();
  // Lets the open streams finish, then ends.
  void StartShutdown();
  void Abort();
  // Ends, if there has been no stream for so long, or none with a whole head.
  void EndIfIdle(std::chrono::steady_clock::duration at_least);

 protected:
  // Called once the head of a stream has come, before its waiters are resumed.
  virtual void OnStream(const Http2Session::StreamPointer&) {}
  // Called once nothing is read or written any more, before the peer sees the end.
  virtual void OnEnd() {}

 private:
  class Timer final : public Deadline {
   public:
    using Action = void (Http2Link::*)();
    Timer(Http2Link& link, Action action)
        : Deadline(link.loop_.impl()), link_(link), action_(action) {}

   private:
    void OnExpired() override { (link_.*action_)(); }
    Http2Link& link_;
    Action action_;
  };

  static Task<void> WriteLoop(std::shared_ptr<Http2Link> link);
  Task<void> ReadLoop(std::string already_read);
  bool Feed(std::string_view bytes);
  void WakeChanged();
  void WatchHead();
  void OnSlowHead();
  void WatchIdle();
  void OnIdle();
  void OnWriteStall();

  EventLoop& loop_;
  Transport transport_;
  const Http2LinkOptions options_;
  Http2Session session_;
  Timer head_timer_;
  Timer idle_timer_;
  Timer write_timer_;
  Signal write_signal_;
  Signal writer_ended_signal_;
  std::string out_;
  bool kick_posted_ = false;
  int32_t watched_head_ = 0;  // the stream that head_timer_ is for
  bool idle_armed_ = false;
  std::chrono::steady_clock::time_point idle_since_ = std::chrono::steady_clock::now();
  bool ended_ = false;
  bool writer_ended_ = false;
};

}  // namespace clew::net
