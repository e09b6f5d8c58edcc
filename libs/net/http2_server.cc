// SPDX-License-Identifier: Apache-2.0
#include "net/http2_server.h"

#include <memory>
#include <optional>
#include <utility>

#include "net/http2_limits.h"
#include "net/http2_link.h"
#include "net/http2_stream_io.h"

namespace clew::net {

namespace {

class ServerConnection;

ResponseHead HeadOf(int status) {
  ResponseHead head;
  head.status = status;
  head.content_length = 0;
  return head;
}

// A request on a stream, as its handler sees it.
class Http2Exchange final : public Exchange {
 public:
  Http2Exchange(std::shared_ptr<ServerConnection> connection, Http2Session::StreamPointer stream);
  ~Http2Exchange() override { io_.Abandon(kHttp2Cancel); }

  const RequestHead& request() const override { return io_.stream().request; }
  EventLoop& loop() override { return io_.link().loop(); }
  std::string_view remote_address() const override;
  bool is_tls() const override;
  const ClientCertificate* client_certificate() const override;

  Task<base::Result<std::string_view>> ReadBody() override;
  const Headers& request_trailers() const override { return io_.stream().trailers; }

  Task<base::Status> WriteHead(ResponseHead head) override;
  Task<base::Status> WriteBody(std::string_view piece) override;
  Task<base::Status> Finish(Headers trailers) override;
  Task<base::Status> Reply(ResponseHead head, std::string_view body) override;

  bool cancelled() const override { return io_.stream().closed && !io_.stream().output_taken; }

  // After the handler: answers for one that did not, lets the response leave,
  // and resets a request that nobody will read to its end.
  Task<void> Complete();

 private:
  base::Status SubmitHead(const ResponseHead& head, bool ends);

  std::shared_ptr<ServerConnection> connection_;
  Http2StreamIo io_;
  uint64_t body_bytes_ = 0;
  bool body_too_large_ = false;
  bool bodyless_ = false;  // what the handler writes is not sent
  bool continue_sent_ = false;
};

// Turns streams into handlers' tasks.
class ServerConnection final : public Http2Link, public ConnectionControl {
 public:
  ServerConnection(Transport transport, ConnectionContext context)
      : Http2Link(context.loop, std::move(transport),
                  {.role = Http2Role::kServer,
                   .first_stream = context.timeouts.header,
                   .head = context.timeouts.header,
                   .idle = context.timeouts.idle,
                   .write_stall = context.timeouts.stall,
                   .linger = context.timeouts.linger,
                   .bodies = context.bodies}),
        context_(std::move(context)) {}

  const ConnectionContext& context() const { return context_; }
  void StartDrain() override { StartShutdown(); }
  void Abort() override { Http2Link::Abort(); }
  void CloseIfIdle(std::chrono::steady_clock::duration at_least) override { EndIfIdle(at_least); }

  Task<void> WaitForHandlers() {
    while (handlers_ > 0) co_await handler_ended_.Wait();
  }

 private:
  void OnStream(const Http2Session::StreamPointer& stream) override {
    if (stream->dispatched || stream->closed) return;
    stream->dispatched = true;
    // Handlers outlive streams that their client has reset: those count as well.
    if (handlers_ >= kHttp2MaxHandlers) return session().Reset(*stream, kHttp2RefusedStream);
    ++handlers_;
    loop().Spawn(
        RunHandler(std::static_pointer_cast<ServerConnection>(shared_from_this()), stream));
  }

  void OnEnd() override {
    const std::optional<EndReason> reason = session().end_reason();
    if (reason) context_.NoteEnd(*reason, transport().remote_address());
  }

  static Task<void> RunHandler(std::shared_ptr<ServerConnection> connection,
                               Http2Session::StreamPointer stream) {
    {
      Http2Exchange exchange(connection, stream);
      if (stream->headers_too_large) {
        // What came after the limit is lost, so no handler may judge the rest.
        ResponseHead refusal = HeadOf(431);
        const base::Status ignored = co_await exchange.Reply(std::move(refusal), "");
      } else {
        co_await connection->context_.handler.Handle(exchange);
      }
      co_await exchange.Complete();
    }
    --connection->handlers_;
    connection->handler_ended_.Resume();
  }

  const ConnectionContext context_;
  size_t handlers_ = 0;
  Signal handler_ended_;
};

Http2Exchange::Http2Exchange(std::shared_ptr<ServerConnection> connection,
                             Http2Session::StreamPointer stream)
    : connection_(std::move(connection)),
      io_(connection_, std::move(stream),
          {.stall = connection_->context().timeouts.stall,
           .slow_body = connection_->context().timeouts.slow_body}) {}

std::string_view Http2Exchange::remote_address() const {
  return connection_->transport().remote_address();
}
bool Http2Exchange::is_tls() const {
  return connection_->transport().is_tls();
}
const ClientCertificate* Http2Exchange::client_certificate() const {
  return connection_->transport().client_certificate();
}

Task<base::Result<std::string_view>> Http2Exchange::ReadBody() {
  const uint64_t limit = connection_->context().body_limit_bytes;
  if (!continue_sent_ && request().headers.Has("expect") && !io_.stream().output_started) {
    io_.link().session().SubmitContinue(io_.stream());
    io_.link().Kick();
  }
  continue_sent_ = true;
  if (request().content_length.value_or(0) <= limit && !body_too_large_) {
    base::Result<std::string_view> piece = co_await io_.Read();
    if (!piece.ok()) co_return piece;
    body_bytes_ += piece.value().size();
    if (body_bytes_ <= limit) co_return piece;
  }
  body_too_large_ = true;
  co_return base::Error{base::ErrorCode::kTooLarge, "request body is larger than the limit of " +
                                                        std::to_string(limit) + " bytes"};
}

base::Status Http2Exchange::SubmitHead(const ResponseHead& head, bool ends) {
  Http2Stream& stream = io_.stream();
  if (stream.output_started) {
    return base::Error{base::ErrorCode::kInvalidArgument, "a response head was sent already"};
  }
  if (stream.closed) return base::Error{base::ErrorCode::kCancelled, "the client has gone away"};
  bodyless_ = request().method == "HEAD" || head.status == 204 || head.status == 304;
  io_.link().session().SubmitResponse(stream, head, ends || bodyless_);
  io_.link().Kick();
  return {};
}

Task<base::Status> Http2Exchange::WriteHead(ResponseHead head) {
  co_return SubmitHead(head, false);
}

Task<base::Status> Http2Exchange::WriteBody(std::string_view piece) {
  if (bodyless_) co_return base::Status();
  if (!io_.stream().output_started || io_.stream().output_ended) {
    co_return base::Error{base::ErrorCode::kInvalidArgument,
                          "a body was written before its head or after its end"};
  }
  co_return co_await io_.Write(piece);
}

Task<base::Status> Http2Exchange::Finish(Headers trailers) {
  if (io_.stream().closed && !io_.stream().output_taken) {
    co_return base::Error{base::ErrorCode::kCancelled, "the client has gone away"};
  }
  io_.End(std::move(trailers));
  co_return base::Status();
}

Task<base::Status> Http2Exchange::Reply(ResponseHead head, std::string_view body) {
  base::Status submitted = SubmitHead(head, body.empty());
  if (!submitted.ok() || body.empty() || bodyless_) co_return submitted;
  base::Status written = co_await io_.Write(body);
  if (written.ok()) io_.End({});
  co_return written;
}

Task<void> Http2Exchange::Complete() {
  Http2Stream& stream = io_.stream();
  if (!stream.output_started && !stream.closed) {
    ResponseHead head = HeadOf(body_too_large_ ? 413 : 500);
    const base::Status ignored = co_await Reply(std::move(head), "");
  }
  // A response that its handler left unfinished must not look like a whole one.
  if (!stream.output_ended) co_return;
  const base::Status taken = co_await io_.WaitUntilTaken();
  if (taken.ok()) io_.Abandon(kHttp2NoError);
}

}  // namespace

Task<void> ServeHttp2(Transport transport, std::string already_read, ConnectionContext context) {
  const std::shared_ptr<void> keep_alive = context.keep_alive;
  ConnectionList& connections = context.connections;
  const auto connection =
      std::make_shared<ServerConnection>(std::move(transport), std::move(context));
  const ConnectionListing listing(connections, *connection);
  co_await Http2Link::Run(connection, std::move(already_read));
  co_await connection->WaitForHandlers();
}

}  // namespace clew::net
