// SPDX-License-Identifier: Apache-2.0
#include "net/http2_link.h"

#include <utility>

#include "net/http2_limits.h"
#include "net/limits.h"

namespace clew::net {

Http2Link::Http2Link(EventLoop& loop, Transport transport, Http2LinkOptions options)
    : loop_(loop),
      transport_(std::move(transport)),
      options_(options),
      session_(options.role, options.bodies),
      head_timer_(*this, &Http2Link::OnSlowHead),
      idle_timer_(*this, &Http2Link::OnIdle),
      write_timer_(*this, &Http2Link::OnWriteStall) {
  // Who had the transport before may have left a deadline; here the timers watch.
  transport_.set_deadline(Deadline::kNever);
  idle_timer_.Set(std::chrono::steady_clock::now() + options_.first_stream);
  idle_armed_ = true;
}

Task<void> Http2Link::Run(std::shared_ptr<Http2Link> link, std::string already_read) {
  link->loop_.Spawn(WriteLoop(link));
  co_await link->ReadLoop(std::move(already_read));
  link->ended_ = true;
  link->head_timer_.Set(Deadline::kNever);
  link->idle_timer_.Set(Deadline::kNever);
  link->session_.CloseAllStreams();
  link->WakeChanged();
  link->write_signal_.Resume();
  while (!link->writer_ended_) co_await link->writer_ended_signal_.Wait();
  link->OnEnd();
  co_await link->transport_.CloseGently(link->options_.linger, kMaxLingerBytes);
}

void Http2Link::Kick() {
  if (kick_posted_) return;
  kick_posted_ = true;
  loop_.Post([weak = weak_from_this()] {
    const std::shared_ptr<Http2Link> link = weak.lock();
    if (link == nullptr) return;
    link->kick_posted_ = false;
    link->write_signal_.Resume();
  });
}

void Http2Link::StartShutdown() {
  session_.StartShutdown();
  Kick();
}

void Http2Link::Abort() {
  transport_.Close();
}

void Http2Link::EndIfIdle(std::chrono::steady_clock::duration at_least) {
  if (!idle_armed_ || std::chrono::steady_clock::now() - idle_since_ < at_least) return;
  session_.Terminate(kHttp2NoError, EndReason::kShortage);
  Kick();
}

// Bytes that drip in do not buy time: a head has a deadline from its first frame on.
void Http2Link::WatchHead() {
  const int32_t head = ended_ ? 0 : session_.unfinished_head();
  if (head == watched_head_) return;
  watched_head_ = head;
  const bool begun = head != 0;
  head_timer_.Set(begun ? std::chrono::steady_clock::now() + options_.head : Deadline::kNever);
}

void Http2Link::OnSlowHead() {
  session_.Terminate(kHttp2EnhanceYourCalm, EndReason::kSlowHead);
  Kick();
}

void Http2Link::OnIdle() {
  if (session_.unfinished_head() != 0) return OnSlowHead();
  session_.Terminate(kHttp2NoError);
  Kick();
}

void Http2Link::OnWriteStall() {
  session_.NoteEnd(EndReason::kUnreadAnswer);
  Abort();
}

void Http2Link::WatchIdle() {
  const size_t unfinished = session_.unfinished_head() != 0 ? 1 : 0;
  const bool idle = session_.open_streams() == unfinished && !ended_;
  if (idle == idle_armed_) return;
  idle_armed_ = idle;
  if (idle) idle_since_ = std::chrono::steady_clock::now();
  idle_timer_.Set(idle ? idle_since_ + options_.idle : Deadline::kNever);
}

void Http2Link::WakeChanged() {
  while (true) {
    const std::vector<Http2Session::StreamPointer> changed = session_.TakeChanged();
    if (changed.empty()) break;
    for (const Http2Session::StreamPointer& stream : changed) {
      if (stream->head_complete) OnStream(stream);
      stream->input_signal.Resume();
      stream->output_signal.Resume();
    }
  }
  WatchHead();
  WatchIdle();
}

bool Http2Link::Feed(std::string_view bytes) {
  const base::Status received = session_.Receive(bytes, std::chrono::steady_clock::now());
  WakeChanged();
  Kick();
  return received.ok();
}

Task<void> Http2Link::ReadLoop(std::string already_read) {
  if (!already_read.empty() && !Feed(already_read)) co_return;
  // A connection that says little costs little.
  std::string buffer(kMinReadBytes, '\0');
  while (!session_.done()) {
    const base::Result<size_t> size = co_await transport_.ReadSome(buffer);
    if (!size.ok() || size.value() == 0) co_return;
    if (!Feed(std::string_view(buffer).substr(0, size.value()))) co_return;
    if (size.value() == buffer.size()) buffer.resize(kHttp2ReadBufferBytes);
  }
}

Task<void> Http2Link::WriteLoop(std::shared_ptr<Http2Link> link) {
  while (true) {
    link->out_.clear();
    const base::Status made = link->session_.Send(link->out_, kHttp2WriteBatchBytes);
    link->WakeChanged();
    if (!link->out_.empty()) {
      link->write_timer_.Set(std::chrono::steady_clock::now() + link->options_.write_stall);
      const base::Status written = co_await link->transport_.Write(link->out_);
      link->write_timer_.Set(Deadline::kNever);
      if (!written.ok()) break;
      continue;
    }
    if (!made.ok() || link->ended_ || link->session_.done()) break;
    co_await link->write_signal_.Wait();
  }
  // Nobody will write again: the reader must not wait for a peer that has nothing to say.
  if (!link->ended_) link->transport_.set_deadline(std::chrono::steady_clock::now());
  link->writer_ended_ = true;
  link->writer_ended_signal_.Resume();
}

}  // namespace clew::net
