// SPDX-License-Identifier: Apache-2.0
#include "net/http1_server.h"

#include <array>
#include <chrono>
#include <ctime>
#include <utility>

#include "net/body_budget.h"
#include "net/coarse_clock.h"
#include "net/http1_parser.h"
#include "net/http1_writer.h"
#include "net/limits.h"
#include "net/minimum_rate.h"
#include "net/read_buffer.h"

namespace clew::net {

namespace {

// "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n", made once a second and thread.
std::string_view DateLine() {
  thread_local time_t made_for = 0;
  thread_local std::array<char, 64> line;
  thread_local size_t length = 0;
  const time_t now = time(nullptr);
  if (now != made_for) {
    tm parts{};
    gmtime_r(&now, &parts);
    length = strftime(line.data(), line.size(), "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &parts);
    made_for = now;
  }
  return {line.data(), length};
}

class Http1Connection final : public ConnectionControl {
 public:
  Http1Connection(Transport transport, std::string_view already_read, ConnectionContext context)
      : transport_(std::move(transport)),
        context_(std::move(context)),
        in_(already_read),
        listing_(context_.connections, *this) {}

  Task<void> Serve();

  void StartDrain() override {
    draining_ = true;
    if (idle_) transport_.set_deadline_in(kLastRequestTime);
  }
  void Abort() override { transport_.Close(); }
  void CloseIfIdle(std::chrono::steady_clock::duration at_least) override {
    if (serving_ || CoarseNow() - idle_since_ < at_least) return;
    if (!std::exchange(ending_, true)) NoteEnd(EndReason::kShortage);
    transport_.Close();
  }

 private:
  friend class Http1Exchange;

  // Reads more behind what is unread. False at the end of the stream.
  Task<base::Result<bool>> Fill();
  // Until when what is missing of a head may come; `begun`: more of it was waited for already.
  void SetHeadDeadline(bool& begun);
  // Waits for the next whole head. False: the connection is over.
  Task<bool> ReadHead(Http1Request* request);
  Task<void> Refuse(Http1Error error);
  void NoteEnd(EndReason reason) const { context_.NoteEnd(reason, transport_.remote_address()); }
  // One request. True when another may follow on this connection.
  Task<bool> ServeOne(Http1Request request);

  Transport transport_;
  ConnectionContext context_;
  ReadBuffer in_;
  std::string out_;  // heads, recycled from response to response
  bool idle_ = false;
  bool draining_ = false;
  bool serving_ = false;
  bool ending_ = false;
  std::chrono::steady_clock::time_point idle_since_ = CoarseNow();
  ConnectionListing listing_;
};

class Http1Exchange final : public Exchange {
 public:
  Http1Exchange(Http1Connection& connection, Http1Request request)
      : connection_(connection),
        request_(std::move(request)),
        body_(request_.framing),
        held_(connection.context_.bodies),
        rate_(connection.context_.timeouts.slow_body) {
    request_.head.scheme = is_tls() ? "https" : "http";
  }

  const RequestHead& request() const override { return request_.head; }
  EventLoop& loop() override { return connection_.context_.loop; }
  std::string_view remote_address() const override {
    return connection_.transport_.remote_address();
  }
  bool is_tls() const override { return connection_.transport_.is_tls(); }
  const ClientCertificate* client_certificate() const override {
    return connection_.transport_.client_certificate();
  }
  const Headers& request_trailers() const override {
    return const_cast<Http1BodyReader&>(body_).trailers();
  }
  bool cancelled() const override { return connection_.transport_.peer_gone(); }

  Task<base::Result<std::string_view>> ReadBody() override;
  Task<base::Status> WriteHead(ResponseHead head) override;
  Task<base::Status> WriteBody(std::string_view piece) override;
  Task<base::Status> Finish(Headers trailers) override;
  Task<base::Status> Reply(ResponseHead head, std::string_view body) override;

  // What is left to do when the handler has returned. True to keep the connection.
  Task<bool> Complete();

 private:
  enum class Stage : uint8_t { kHead, kBody, kFinished };
  enum class Mode : uint8_t { kNone, kLength, kChunked, kUntilClose };

  class Waiting;

  Task<bool> CompleteAnswer();
  // What of the body has been read already; nullopt: none and more will come.
  std::optional<base::Result<std::string_view>> TakeBody();
  Task<base::Result<std::string_view>> AwaitBody();
  // Waits until more of the connection has been read.
  Task<base::Status> AwaitBytes();
  base::Status AppendHead(const ResponseHead& head);
  void ChooseMode(const ResponseHead& head);
  Task<base::Status> Send(std::string_view a, std::string_view b = {}, std::string_view c = {});
  // The same of much, which may have to wait for the client.
  Task<base::Status> SendMuch(std::array<std::string_view, 4> pieces, size_t bytes);
  int StatusOfBodyError() const;
  // Whether the length it tells is over the limit.
  bool says_too_much() const {
    return request_.head.content_length.value_or(0) > connection_.context_.body_limit_bytes;
  }
  base::Error TooLarge() const {
    return {base::ErrorCode::kTooLarge, "request body is larger than the limit of " +
                                            std::to_string(connection_.context_.body_limit_bytes) +
                                            " bytes"};
  }
  base::Error BodyError(base::Error error);

  Http1Connection& connection_;
  Http1Request request_;
  Http1BodyReader body_;
  HeldBody held_;
  MinimumRate rate_;
  uint64_t body_bytes_ = 0;
  std::optional<base::ErrorCode> body_error_;
  Stage stage_ = Stage::kHead;
  Mode mode_ = Mode::kNone;
  uint64_t left_to_write_ = 0;  // of kLength
  bool head_unsent_ = false;    // it waits in out_ for the first body bytes
  bool truncated_ = false;      // the client did not get all it was promised
  std::string chunk_size_;
};

// Bytes of one direction that wait for the client.
class Http1Exchange::Waiting final : public WaitingBody {
 public:
  Waiting(HeldBody& held, Http1Exchange& exchange) : WaitingBody(held), exchange_(exchange) {}

 private:
  void OnGaveWay() override { exchange_.connection_.transport_.set_deadline_in({}); }
  Http1Exchange& exchange_;
};

base::Error Http1Exchange::BodyError(base::Error error) {
  // Who asks again is told again.
  if (!body_error_ && error.code == base::ErrorCode::kDeadlineExceeded) {
    connection_.NoteEnd(EndReason::kSlowBody);
  }
  if (!body_error_ && error.code == base::ErrorCode::kInvalidArgument) {
    connection_.NoteEnd(EndReason::kMalformed);
  }
  body_error_ = error.code;
  return error;
}

Task<base::Result<std::string_view>> Http1Exchange::ReadBody() {
  std::optional<base::Result<std::string_view>> at_hand = TakeBody();
  if (at_hand) return Task<base::Result<std::string_view>>::Ready(*std::move(at_hand));
  return AwaitBody();
}

std::optional<base::Result<std::string_view>> Http1Exchange::TakeBody() {
  Http1Connection& connection = connection_;
  if (says_too_much()) return BodyError(TooLarge());
  const Http1BodyReader::Step step = body_.Read(connection.in_.unread());
  connection.in_.Consume(step.consumed);
  if (body_.failed()) {
    return BodyError({base::ErrorCode::kInvalidArgument, "request body: " + body_.error()});
  }
  body_bytes_ += step.data.size();
  if (body_bytes_ > connection.context_.body_limit_bytes) return BodyError(TooLarge());
  rate_.Moved(step.data.size());
  if (!step.data.empty() && !held_.Grow(step.data.size())) return BodyError(held_.error());
  if (step.data.empty() && !body_.done()) return std::nullopt;
  return step.data;
}

Task<base::Result<std::string_view>> Http1Exchange::AwaitBody() {
  while (true) {
    if (std::exchange(request_.expects_continue, false) && stage_ == Stage::kHead) {
      base::Status sent = co_await Send("HTTP/1.1 100 Continue\r\n\r\n");
      if (!sent.ok()) co_return std::move(sent).error();
    }
    base::Status more = co_await AwaitBytes();
    if (!more.ok()) co_return BodyError(std::move(more).error());
    std::optional<base::Result<std::string_view>> piece = TakeBody();
    if (piece) co_return *std::move(piece);
  }
}

Task<base::Status> Http1Exchange::AwaitBytes() {
  Http1Connection& connection = connection_;
  connection.transport_.set_deadline_in(rate_.PatienceWithin(connection.context_.timeouts.stall));
  const auto began = CoarseNow();
  const Waiting waiting(held_, *this);
  base::Result<bool> more = co_await connection.Fill();
  rate_.Waited(CoarseNow() - began);
  if (held_.gave_way()) co_return held_.error();
  if (!more.ok()) co_return std::move(more).error();
  if (more.value()) co_return base::Status();
  co_return base::Error{base::ErrorCode::kCancelled,
                        "client closed the connection inside the request body"};
}

void Http1Exchange::ChooseMode(const ResponseHead& head) {
  const bool http10 = request_.head.minor_version == 0;
  if (head.status == 204 || head.status == 304 || request_.head.method == "HEAD") {
    mode_ = Mode::kNone;
  } else if (head.content_length) {
    mode_ = Mode::kLength;
    left_to_write_ = *head.content_length;
  } else {
    mode_ = http10 ? Mode::kUntilClose : Mode::kChunked;
  }
  const std::optional<std::string_view> wish = head.headers.Get("connection");
  if (mode_ == Mode::kUntilClose || connection_.draining_ || body_error_ || says_too_much() ||
      body_.known_remaining() > kMaxDrainedBodyBytes ||
      // A client that was not told to go on may or may not send the body.
      (request_.expects_continue && !body_.done()) ||
      (wish && EqualsIgnoringCase(*wish, "close"))) {
    request_.keep_alive = false;
  }
}

base::Status Http1Exchange::AppendHead(const ResponseHead& head) {
  if (stage_ != Stage::kHead || head.status < 200 || head.status > 999) {
    return base::Error{base::ErrorCode::kInvalidArgument, "response head sent twice or not final"};
  }
  ChooseMode(head);
  std::string& out = connection_.out_;
  out.assign("HTTP/1.1 ");
  AppendNumber(out, static_cast<uint64_t>(head.status));
  out.append(" ").append(ReasonPhrase(head.status)).append("\r\n");
  if (const std::optional<Header> bad = head.headers.FindUnsafe()) {
    return base::Error{base::ErrorCode::kInvalidArgument,
                       "response header '" + std::string(bad->name) + "' holds a line break"};
  }
  bool dated = false;
  head.headers.AppendLines(out, [&](std::string_view name) {
    dated = dated || EqualsIgnoringCase(name, "date");
    return !IsFramingField(name);
  });
  if (!dated) out += DateLine();
  if (head.content_length && head.status != 204) {
    out += "Content-Length: ";
    AppendNumber(out, *head.content_length);
    out += "\r\n";
  } else if (mode_ == Mode::kChunked) {
    out += "Transfer-Encoding: chunked\r\n";
  }
  if (!request_.keep_alive) {
    out += "Connection: close\r\n";
  } else if (request_.head.minor_version == 0) {
    out += "Connection: keep-alive\r\n";
  }
  out += "\r\n";
  stage_ = Stage::kBody;
  head_unsent_ = true;
  return base::Status();
}

Task<base::Status> Http1Exchange::Send(std::string_view a, std::string_view b, std::string_view c) {
  std::array<std::string_view, 4> pieces{{{}, a, b, c}};
  if (std::exchange(head_unsent_, false)) pieces[0] = connection_.out_;
  const size_t bytes = a.size() + b.size() + c.size();
  if (bytes > kMaxBodyPieceBytes) return SendMuch(pieces, bytes);
  connection_.transport_.set_deadline_in(connection_.context_.timeouts.stall);
  return connection_.transport_.Write(pieces);
}

Task<base::Status> Http1Exchange::SendMuch(std::array<std::string_view, 4> pieces, size_t bytes) {
  // What its client does not read is in memory like what its client sends.
  HeldBody held(connection_.context_.bodies);
  if (!held.Grow(bytes)) {
    connection_.transport_.Close();
    co_return held.error();
  }
  const Waiting waiting(held, *this);
  connection_.transport_.set_deadline_in(connection_.context_.timeouts.stall);
  co_return co_await connection_.transport_.Write(pieces);
}

Task<base::Status> Http1Exchange::WriteHead(ResponseHead head) {
  base::Status appended = AppendHead(head);
  if (!appended.ok()) return Task<base::Status>::Ready(std::move(appended));
  // A body of known length follows at once: one system call for both. A stream
  // may take its time, so its head goes out now.
  if (mode_ == Mode::kLength && left_to_write_ > 0) {
    return Task<base::Status>::Ready(base::Status());
  }
  return Send({});
}

Task<base::Status> Http1Exchange::WriteBody(std::string_view piece) {
  const auto refuse = [](std::string_view why) {
    return Task<base::Status>::Ready(
        base::Error{base::ErrorCode::kInvalidArgument, std::string(why)});
  };
  if (stage_ != Stage::kBody) return refuse("body written outside of the response");
  if (piece.empty() || mode_ == Mode::kNone) return Task<base::Status>::Ready(base::Status());
  if (mode_ == Mode::kChunked) {
    chunk_size_.clear();
    AppendNumber(chunk_size_, piece.size(), 16);
    chunk_size_ += "\r\n";
    return Send(chunk_size_, piece, "\r\n");
  }
  if (mode_ == Mode::kLength) {
    if (piece.size() > left_to_write_) {
      return refuse("response body is longer than its content length");
    }
    left_to_write_ -= piece.size();
  }
  return Send(piece);
}

Task<base::Status> Http1Exchange::Finish(Headers trailers) {
  if (stage_ == Stage::kHead) {
    ResponseHead head;
    head.content_length = 0;
    base::Status appended = AppendHead(head);
    if (!appended.ok()) co_return appended;
  }
  if (stage_ == Stage::kFinished) co_return base::Status();
  stage_ = Stage::kFinished;
  if (mode_ == Mode::kLength && left_to_write_ > 0) {
    truncated_ = true;  // the client must see that something is missing
    co_return base::Error{base::ErrorCode::kInvalidArgument,
                          "response body is shorter than its content length"};
  }
  if (mode_ == Mode::kChunked) {
    std::string end = "0\r\n";
    if (!trailers.FindUnsafe()) trailers.AppendLines(end, [](std::string_view) { return true; });
    end += "\r\n";
    co_return co_await Send(end);
  }
  if (head_unsent_) co_return co_await Send(std::string_view());
  co_return base::Status();
}

Task<base::Status> Http1Exchange::Reply(ResponseHead head, std::string_view body) {
  // To HEAD a length without a body is right: the length GET would have got.
  if (request_.head.method != "HEAD" || !body.empty()) head.content_length = body.size();
  base::Status appended = AppendHead(head);
  if (!appended.ok()) return Task<base::Status>::Ready(std::move(appended));
  stage_ = Stage::kFinished;
  left_to_write_ = 0;
  if (mode_ == Mode::kNone) return Send({});
  if (body.size() > kMaxJoinedBodyBytes) return Send(body);
  connection_.out_ += body;  // a copy costs less than a second piece
  return Send({});
}

int Http1Exchange::StatusOfBodyError() const {
  if (body_error_ == base::ErrorCode::kTooLarge) return 413;
  if (body_error_ == base::ErrorCode::kDeadlineExceeded) return 408;
  if (body_error_ == base::ErrorCode::kExhausted) return 429;
  if (body_error_ == base::ErrorCode::kInvalidArgument) return 400;
  return 500;
}

Task<bool> Http1Exchange::Complete() {
  const bool keep = co_await CompleteAnswer();
  if (connection_.transport_.write_late()) connection_.NoteEnd(EndReason::kUnreadAnswer);
  co_return keep;
}

Task<bool> Http1Exchange::CompleteAnswer() {
  if (stage_ == Stage::kHead) {
    const int status = StatusOfBodyError();
    base::Status sent = co_await ReplyText(*this, status, "text/plain", ReasonPhrase(status));
    if (!sent.ok()) co_return false;
  } else if (stage_ == Stage::kBody) {
    truncated_ = true;
  }
  if (truncated_ || connection_.transport_.write_failed()) {
    connection_.transport_.Close();
    co_return false;
  }
  for (uint64_t dropped = 0; request_.keep_alive && !body_.done();) {
    base::Result<std::string_view> piece = co_await ReadBody();
    if (!piece.ok()) co_return false;
    dropped += piece.value().size();
    if (dropped > kMaxDrainedBodyBytes) co_return false;
  }
  co_return request_.keep_alive;
}

Task<base::Result<bool>> Http1Connection::Fill() {
  base::Result<size_t> bytes = co_await transport_.ReadSome(in_.Room(kMinReadBytes));
  if (!bytes.ok()) co_return std::move(bytes).error();
  in_.Commit(bytes.value());
  co_return bytes.value() > 0;
}

void Http1Connection::SetHeadDeadline(bool& begun) {
  if (idle_) {
    transport_.set_deadline_in(draining_ ? kLastRequestTime : context_.timeouts.idle);
  } else if (!std::exchange(begun, true)) {
    transport_.set_deadline_in(context_.timeouts.header);
  }
}

Task<bool> Http1Connection::ReadHead(Http1Request* request) {
  Http1HeadFinder finder;
  bool begun = false;
  while (true) {
    switch (finder.Find(in_.unread())) {
      case Http1HeadFinder::Found::kYes: {
        const std::string_view head =
            in_.unread().substr(finder.start(), finder.length() - finder.start());
        std::optional<Http1Error> error = ParseRequestHead(head, request);
        in_.Consume(finder.length());
        if (!error) co_return true;
        co_await Refuse(std::move(*error));
        co_return false;
      }
      case Http1HeadFinder::Found::kError:
        co_await Refuse(finder.error());
        co_return false;
      case Http1HeadFinder::Found::kNo:
        break;
    }
    idle_ = in_.unread().empty();
    SetHeadDeadline(begun);
    base::Result<bool> more = co_await Fill();
    if (!more.ok() && more.error().code == base::ErrorCode::kDeadlineExceeded && !idle_) {
      Http1Error late(408, "the request did not arrive in time");
      co_await Refuse(std::move(late));
      co_return false;
    }
    // A client that has nothing to say is not waited for until it has closed, too.
    if (!more.ok() && idle_ && draining_) transport_.Close();
    idle_ = false;
    if (!more.ok() || !more.value()) co_return false;
  }
}

Task<void> Http1Connection::Refuse(Http1Error error) {
  NoteEnd(error.status == 408   ? EndReason::kSlowHead
          : error.status == 431 ? EndReason::kLargeHead
                                : EndReason::kMalformed);
  error.message += "\n";
  out_.assign("HTTP/1.1 ");
  AppendNumber(out_, static_cast<uint64_t>(error.status));
  out_.append(" ").append(ReasonPhrase(error.status)).append("\r\n").append(DateLine());
  out_ += "Content-Type: text/plain\r\nConnection: close\r\nContent-Length: ";
  AppendNumber(out_, error.message.size());
  out_.append("\r\n\r\n").append(error.message);
  transport_.set_deadline_in(context_.timeouts.stall);
  base::Status sent = co_await transport_.Write(out_);
  if (!sent.ok()) transport_.Close();
}

Task<bool> Http1Connection::ServeOne(Http1Request request) {
  Http1Exchange exchange(*this, std::move(request));
  co_await context_.handler.Handle(exchange);
  co_return co_await exchange.Complete();
}

Task<void> Http1Connection::Serve() {
  bool another = true;
  while (another) {
    Http1Request request;
    const bool got_head = co_await ReadHead(&request);
    if (!got_head) break;
    serving_ = true;
    another = co_await ServeOne(std::move(request));
    serving_ = false;
    idle_since_ = CoarseNow();
  }
  ending_ = true;
  co_await transport_.CloseGently(context_.timeouts.linger, kMaxLingerBytes);
}

}  // namespace

Task<void> ServeHttp1(Transport transport, std::string already_read, ConnectionContext context) {
  Http1Connection connection(std::move(transport), already_read, std::move(context));
  std::string().swap(already_read);  // its room is not needed for the life of the connection
  co_await connection.Serve();
}

}  // namespace clew::net
