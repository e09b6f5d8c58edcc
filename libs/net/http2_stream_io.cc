// SPDX-License-Identifier: Apache-2.0
#include "net/http2_stream_io.h"

#include <algorithm>
#include <utility>

#include "net/http2_limits.h"
#include "net/limits.h"

namespace clew::net {

using Clock = std::chrono::steady_clock;

Http2StreamIo::Http2StreamIo(std::shared_ptr<Http2Link> link, Http2Session::StreamPointer stream,
                             Http2Patience patience)
    : link_(std::move(link)),
      stream_(std::move(stream)),
      patience_(patience),
      timer_(link_->loop(), *this),
      input_rate_(patience.slow_body),
      output_rate_(patience.slow_body) {}

void Http2StreamIo::Timer::OnExpired() {
  // Who is resumed may destroy this.
  const Http2Session::StreamPointer stream = io_.stream_;
  stream->input_signal.Resume();
  stream->output_signal.Resume();
}

void Http2StreamIo::Arm(const MinimumRate& rate) {
  ++waiting_;
  Clock::time_point when = patience_.deadline;
  if (patience_.stall != std::chrono::milliseconds::max()) {
    when = std::min(when, Clock::now() + rate.PatienceWithin(patience_.stall));
  }
  timer_.Set(when);
}

void Http2StreamIo::Disarm() {
  if (--waiting_ == 0 && !timer_.expired()) timer_.Set(Deadline::kNever);
}

bool Http2StreamIo::past_deadline() const {
  return patience_.deadline != Clock::time_point::max() && Clock::now() >= patience_.deadline;
}

base::Error Http2StreamIo::ClosedError() const {
  const std::string what =
      link_->ended() ? "http/2 connection ended"
                     : "http/2 stream was reset with code " + std::to_string(stream_->close_code);
  const std::string where = " by " + std::string(link_->transport().remote_address());
  if (link_->session().role() == Http2Role::kServer) {
    return {base::ErrorCode::kCancelled, what + where};
  }
  return {stream_->head_complete ? base::ErrorCode::kIo : base::ErrorCode::kUnavailable,
          what + where};
}

base::Error Http2StreamIo::LateError(std::string_view what) {
  return {base::ErrorCode::kDeadlineExceeded, "gave up waiting " + std::string(what)};
}

Task<base::Status> Http2StreamIo::WaitForHead() {
  while (!stream_->head_complete) {
    if (stream_->closed) co_return ClosedError();
    if (past_deadline()) co_return LateError("for a response head");
    Arm(input_rate_);
    co_await stream_->input_signal.Wait();
    Disarm();
    if (!stream_->head_complete && gave_up()) co_return LateError("for a response head");
  }
  co_return base::Status();
}

std::string_view Http2StreamIo::NextPiece() {
  const std::string_view piece = std::string_view(current_).substr(handed_out_, kMaxBodyPieceBytes);
  handed_out_ += piece.size();
  input_rate_.Moved(piece.size());
  link_->session().Consume(*stream_, piece.size());
  link_->Kick();
  return piece;
}

// Bytes of one direction that wait for the peer; when they give way, so does who waits with them.
class Http2StreamIo::WaitingBytes final : public WaitingBody {
 public:
  WaitingBytes(HeldBody& held, Http2StreamIo& io) : WaitingBody(held), io_(io) {}

 private:
  void OnGaveWay() override { io_.timer_.Set(Clock::now()); }
  Http2StreamIo& io_;
};

Task<void> Http2StreamIo::AwaitInput() {
  Arm(input_rate_);
  const Clock::time_point began = Clock::now();
  {
    const WaitingBytes waiting(stream_->held, *this);
    co_await stream_->input_signal.Wait();
  }
  input_rate_.Waited(Clock::now() - began);
  Disarm();
}

std::optional<base::Result<std::string_view>> Http2StreamIo::InputEnd() const {
  if (stream_->headers_too_large) {
    return base::Error{base::ErrorCode::kTooLarge, "http/2 trailers are over the limit"};
  }
  if (stream_->input_ended) return std::string_view();
  if (stream_->closed) return ClosedError();
  if (past_deadline()) return LateError("for a body");
  return std::nullopt;
}

Task<base::Result<std::string_view>> Http2StreamIo::Read() {
  while (true) {
    if (stream_->input_refused || stream_->held.gave_way()) co_return stream_->held.error();
    if (handed_out_ < current_.size()) co_return NextPiece();
    if (!stream_->input.empty()) {
      current_.clear();
      handed_out_ = 0;
      current_.swap(stream_->input);
      continue;
    }
    if (std::optional<base::Result<std::string_view>> end = InputEnd()) {
      co_return *std::move(end);
    }
    co_await AwaitInput();
    if (stream_->held.gave_way()) continue;
    if (stream_->input.empty() && !stream_->input_ended && gave_up()) {
      co_return LateError("for a body");
    }
  }
}

Task<base::Status> Http2StreamIo::Write(std::string_view piece) {
  if (stream_->closed) co_return ClosedError();
  if (past_deadline()) co_return LateError("to send a body");
  if (piece.empty()) co_return base::Status();
  if (!stream_->output.empty()) {  // the copy of a former piece
    base::Status taken = co_await WaitUntilTaken();
    if (!taken.ok()) co_return taken;
  }
  if (piece.size() <= kHttp2CopiedPieceBytes) {
    stream_->copied_output = piece;
    link_->session().QueueBody(*stream_, stream_->copied_output);
    link_->Kick();
    co_return base::Status();
  }
  // What its peer does not read is in memory like what its peer sends.
  HeldBody held(link_->bodies());
  if (!held.Grow(piece.size())) {
    Abandon(kHttp2EnhanceYourCalm);
    co_return held.error();
  }
  const WaitingBytes waiting(held, *this);
  // A piece that is given up half-way, or whose frame is destroyed, must neither be
  // read later nor look like a whole one.
  struct Unqueue {
    Http2StreamIo& io;
    ~Unqueue() {
      if (!io.stream_->output.empty()) io.Abandon(kHttp2Cancel);
    }
  } const unqueue{*this};
  link_->session().QueueBody(*stream_, piece);
  link_->Kick();
  co_return co_await WaitUntilTaken();
}

Task<base::Status> Http2StreamIo::WaitUntilTaken() {
  const auto taken = [this] {
    return stream_->output.empty() && (!stream_->output_ended || stream_->output_taken);
  };
  while (stream_->closed || !taken()) {
    if (stream_->closed) {
      if (stream_->output_taken) co_return base::Status();
      co_return ClosedError();
    }
    const size_t left = stream_->output.size();
    const Clock::time_point began = Clock::now();
    Arm(output_rate_);
    co_await stream_->output_signal.Wait();
    Disarm();
    output_rate_.Waited(Clock::now() - began);
    output_rate_.Moved(left - stream_->output.size());
    if (!stream_->closed && !taken() && stream_->output.size() == left && gave_up()) {
      co_return LateError("to send a body");
    }
  }
  co_return base::Status();
}

void Http2StreamIo::End(Headers trailers) {
  link_->session().EndBody(*stream_, std::move(trailers));
  link_->Kick();
}

void Http2StreamIo::Abandon(uint32_t code) {
  Http2Session& session = link_->session();
  session.Consume(*stream_, current_.size() - handed_out_);
  handed_out_ = current_.size();
  session.DiscardInput(*stream_);
  stream_->output = {};
  const bool ends_by_itself = stream_->output_taken && stream_->input_ended;
  if (!ends_by_itself) session.Reset(*stream_, code);
  link_->Kick();
}

}  // namespace clew::net
