// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "net/grpc.h"
#include "net/grpc_wire.h"
#include "wire/otlp_response.h"

namespace clew::net {

namespace {

using base::Error;
using base::ErrorCode;
using Clock = std::chrono::steady_clock;

constexpr std::string_view kGrpcContentType = "application/grpc";
// How long who finds no room for a body is told to wait, as over HTTP.
constexpr int kNoRoomRetrySeconds = 5;
// All methods unpack what a client may send by HTTP; ingest::Unpacked does it.
constexpr std::string_view kAcceptedEncodings = "identity,gzip,deflate,zstd,snappy,lz4";

ResponseHead GrpcHead() {
  ResponseHead head;
  head.headers.Add("content-type", std::string(kGrpcContentType));
  head.headers.Add("grpc-accept-encoding", std::string(kAcceptedEncodings));
  return head;
}

Task<base::Status> WriteMessage(Exchange& exchange, std::string_view message) {
  std::string framed = GrpcPrefix(message.size(), false);
  framed += message;
  co_return co_await exchange.WriteBody(framed);
}

Task<void> ReplyMessage(Exchange& exchange, std::string_view message) {
  ResponseHead head = GrpcHead();
  base::Status sent = co_await exchange.WriteHead(std::move(head));
  if (!sent.ok()) co_return;
  sent = co_await WriteMessage(exchange, message);
  if (!sent.ok()) co_return;
  const GrpcStatus ok;
  Headers trailers = ToTrailers(ok);
  sent = co_await exchange.Finish(std::move(trailers));
}

bool IsPast(Clock::time_point deadline) {
  return deadline != Clock::time_point::max() && Clock::now() >= deadline;
}

const GrpcStatus& TimeoutPassed() {
  static const GrpcStatus status{GrpcCode::kDeadlineExceeded, "grpc-timeout passed", {}};
  return status;
}

struct Call {
  GrpcMessageReader reader;
  Clock::time_point deadline = Clock::time_point::max();
  std::string encoding = "identity";  // of the message
};

Task<base::Status> ReadMessage(Exchange& exchange, Call& call) {
  while (!IsPast(call.deadline)) {
    base::Result<std::string_view> piece = co_await exchange.ReadBody();
    if (!piece.ok()) co_return std::move(piece).error();
    if (piece.value().empty()) co_return call.reader.CheckComplete();
    base::Status fed = call.reader.Feed(piece.value());
    if (!fed.ok()) co_return fed;
  }
  co_return Error{ErrorCode::kDeadlineExceeded, "grpc-timeout passed before the message came"};
}

// Of a message that was not read. Where there was no room for it, it says when to come again: else
// a client may not send RESOURCE_EXHAUSTED again.
GrpcStatus StatusOfUnread(const Error& error) {
  GrpcStatus status{ToGrpcCode(error.code), error.message, {}};
  if (error.code == ErrorCode::kExhausted) {
    status.details =
        wire::EncodeRpcStatus(static_cast<int>(status.code), error.message, kNoRoomRetrySeconds);
  }
  return status;
}

// The timeout, the message and its encoding.
Task<base::Status> ReadCall(Exchange& exchange, Call& call) {
  const Headers& fields = exchange.request().headers;
  if (const auto text = fields.Get("grpc-timeout")) {
    const std::optional<std::chrono::nanoseconds> timeout = ParseGrpcTimeout(*text);
    if (!timeout) {
      co_return Error{ErrorCode::kInvalidArgument,
                      "grpc-timeout is malformed: " + std::string(*text)};
    }
    call.deadline = Clock::now() + *timeout;
  }
  base::Status read = co_await ReadMessage(exchange, call);
  if (!read.ok() || !call.reader.compressed()) co_return read;
  call.encoding = fields.Get("grpc-encoding").value_or("identity");
  if (call.encoding != "identity") co_return read;
  co_return Error{ErrorCode::kCorruption, "message is marked compressed but has no grpc-encoding"};
}

Task<void> AnswerUnary(const GrpcUnaryMethod& method, Exchange& exchange, GrpcRequest request,
                       Clock::time_point deadline) {
  GrpcReply reply = co_await method(exchange, std::move(request));
  if (IsPast(deadline)) reply.status = TimeoutPassed();
  if (reply.status.code != GrpcCode::kOk) {
    co_return co_await ReplyGrpcStatus(exchange, std::move(reply.status));
  }
  co_await ReplyMessage(exchange, reply.message);
}

// 0 when the request may be served as gRPC.
int RefusalOf(const RequestHead& request) {
  if (request.protocol != Protocol::kHttp2) return 505;
  if (request.method != "POST") return 405;
  if (!GrpcHandler::IsGrpc(request)) return 415;
  return 0;
}

}  // namespace

Task<void> ReplyGrpcStatus(Exchange& exchange, GrpcStatus status) {
  ResponseHead head = GrpcHead();
  for (const Header& field : ToTrailers(status)) head.headers.Add(field.name, field.value);
  const base::Status ignored = co_await exchange.Reply(std::move(head), "");
}

bool GrpcHandler::IsGrpc(const RequestHead& request) {
  std::string_view type = request.headers.Get("content-type").value_or("");
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' ')) type.remove_suffix(1);
  return EqualsIgnoringCase(type, kGrpcContentType) ||
         EqualsIgnoringCase(type, "application/grpc+proto");
}

bool GrpcSender::is_late() const {
  return IsPast(deadline_);
}

Task<base::Status> GrpcSender::Send(std::string_view message) {
  if (is_late()) co_return Error{ErrorCode::kDeadlineExceeded, TimeoutPassed().message};
  base::Status sent;
  if (!began_) {
    began_ = true;
    ResponseHead head = GrpcHead();
    sent = co_await exchange_.WriteHead(std::move(head));
  }
  if (sent.ok()) sent = co_await WriteMessage(exchange_, message);
  broken_ = !sent.ok();
  co_return sent;
}

void GrpcHandler::Add(std::string path, GrpcUnaryMethod method) {
  methods_.insert_or_assign(std::move(path), std::move(method));
}

void GrpcHandler::AddStreaming(std::string path, GrpcStreamingMethod method) {
  methods_.insert_or_assign(std::move(path), std::move(method));
}

Task<void> GrpcHandler::AnswerStreaming(const GrpcStreamingMethod& method, Exchange& exchange,
                                        GrpcRequest request, GrpcSender::Deadline deadline) {
  GrpcSender sender(exchange, deadline);
  GrpcStatus status = co_await method(exchange, std::move(request), sender);
  // A message that was cut off must not look whole: without an end the stream is reset.
  if (sender.broken_) co_return;
  if (sender.is_late()) status = TimeoutPassed();
  if (!sender.began_) co_return co_await ReplyGrpcStatus(exchange, std::move(status));
  Headers trailers = ToTrailers(status);
  (void)co_await exchange.Finish(std::move(trailers));
}

Task<void> GrpcHandler::Handle(Exchange& exchange) {
  const RequestHead& request = exchange.request();
  if (const int refusal = RefusalOf(request)) {
    const base::Status ignored = co_await ReplyText(
        exchange, refusal, "text/plain", "grpc is served as POST of application/grpc on http/2\n");
    co_return;
  }
  const auto method = methods_.find(request.path());
  if (method == methods_.end()) {
    GrpcStatus unknown{
        GrpcCode::kUnimplemented, "unknown method " + std::string(request.path()), {}};
    co_return co_await ReplyGrpcStatus(exchange, std::move(unknown));
  }
  Call call{GrpcMessageReader(message_limit_bytes_)};
  const base::Status called = co_await ReadCall(exchange, call);
  if (!called.ok()) {
    const Error& error = called.error();
    if (on_refused_) on_refused_(exchange, error);
    GrpcStatus refused = StatusOfUnread(error);
    co_return co_await ReplyGrpcStatus(exchange, std::move(refused));
  }

  // Named, like the statuses above: g++ 12 destroys a temporary aggregate in an awaited
  // call twice.
  GrpcRequest read{call.reader.TakeMessage(), std::move(call.encoding), &request.headers};
  if (const auto* const unary = std::get_if<GrpcUnaryMethod>(&method->second)) {
    co_return co_await AnswerUnary(*unary, exchange, std::move(read), call.deadline);
  }
  co_await AnswerStreaming(std::get<GrpcStreamingMethod>(method->second), exchange, std::move(read),
                           call.deadline);
}

}  // namespace clew::net
