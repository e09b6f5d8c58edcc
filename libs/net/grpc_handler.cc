// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "net/grpc.h"
#include "net/grpc_wire.h"

namespace clew::net {

namespace {

using base::Error;
using base::ErrorCode;
using Clock = std::chrono::steady_clock;

constexpr std::string_view kGrpcContentType = "application/grpc";
constexpr std::string_view kAcceptedEncodings = "identity,gzip";

ResponseHead GrpcHead() {
  ResponseHead head;
  head.headers.Add("content-type", std::string(kGrpcContentType));
  head.headers.Add("grpc-accept-encoding", std::string(kAcceptedEncodings));
  return head;
}

// Without a message the status goes into the head: "trailers-only".
Task<void> ReplyStatus(Exchange& exchange, GrpcStatus status) {
  ResponseHead head = GrpcHead();
  for (const Header& field : ToTrailers(status)) head.headers.Add(field.name, field.value);
  const base::Status ignored = co_await exchange.Reply(std::move(head), "");
}

Task<void> ReplyMessage(Exchange& exchange, std::string_view message) {
  ResponseHead head = GrpcHead();
  base::Status sent = co_await exchange.WriteHead(std::move(head));
  if (!sent.ok()) co_return;
  std::string framed = GrpcPrefix(message.size(), false);
  framed += message;
  sent = co_await exchange.WriteBody(framed);
  if (!sent.ok()) co_return;
  const GrpcStatus ok;
  Headers trailers = ToTrailers(ok);
  sent = co_await exchange.Finish(std::move(trailers));
}

struct Call {
  GrpcMessageReader reader;
  Clock::time_point deadline = Clock::time_point::max();

  bool late() const { return deadline != Clock::time_point::max() && Clock::now() >= deadline; }
};

Task<base::Status> ReadMessage(Exchange& exchange, Call& call) {
  while (!call.late()) {
    base::Result<std::string_view> piece = co_await exchange.ReadBody();
    if (!piece.ok()) co_return std::move(piece).error();
    if (piece.value().empty()) co_return call.reader.CheckComplete();
    base::Status fed = call.reader.Feed(piece.value());
    if (!fed.ok()) co_return fed;
  }
  co_return Error{ErrorCode::kDeadlineExceeded, "grpc-timeout passed before the message came"};
}

// 0 when the request may be served as gRPC.
int RefusalOf(const RequestHead& request) {
  if (request.protocol != Protocol::kHttp2) return 505;
  if (request.method != "POST") return 405;
  if (!GrpcHandler::IsGrpc(request)) return 415;
  return 0;
}

}  // namespace

bool GrpcHandler::IsGrpc(const RequestHead& request) {
  std::string_view type = request.headers.Get("content-type").value_or("");
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' ')) type.remove_suffix(1);
  return EqualsIgnoringCase(type, kGrpcContentType) ||
         EqualsIgnoringCase(type, "application/grpc+proto");
}

void GrpcHandler::Add(std::string path, GrpcUnaryMethod method) {
  methods_.insert_or_assign(std::move(path), std::move(method));
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
    co_return co_await ReplyStatus(exchange, std::move(unknown));
  }

  Call call{GrpcMessageReader(message_limit_bytes_)};
  if (const auto text = request.headers.Get("grpc-timeout")) {
    const std::optional<std::chrono::nanoseconds> timeout = ParseGrpcTimeout(*text);
    if (!timeout) {
      GrpcStatus malformed{
          GrpcCode::kInvalidArgument, "grpc-timeout is malformed: " + std::string(*text), {}};
      co_return co_await ReplyStatus(exchange, std::move(malformed));
    }
    call.deadline = Clock::now() + *timeout;
  }

  base::Status read = co_await ReadMessage(exchange, call);
  if (!read.ok()) {
    GrpcStatus failed{ToGrpcCode(read.error().code), read.error().message, {}};
    co_return co_await ReplyStatus(exchange, std::move(failed));
  }

  std::string encoding = "identity";
  if (call.reader.compressed()) {
    encoding = request.headers.Get("grpc-encoding").value_or("identity");
    if (encoding == "identity") {
      GrpcStatus unnamed{
          GrpcCode::kInternal, "message is marked compressed but has no grpc-encoding", {}};
      co_return co_await ReplyStatus(exchange, std::move(unnamed));
    }
  }
  // Named, like the statuses above: g++ 12 destroys a temporary aggregate in an awaited
  // call twice.
  GrpcRequest unary{call.reader.TakeMessage(), std::move(encoding), &request.headers};
  GrpcReply reply = co_await method->second(exchange, std::move(unary));
  if (call.late()) {
    reply.status = {GrpcCode::kDeadlineExceeded, "grpc-timeout passed", {}};
  }
  if (reply.status.code != GrpcCode::kOk) {
    co_return co_await ReplyStatus(exchange, std::move(reply.status));
  }
  co_await ReplyMessage(exchange, reply.message);
}

}  // namespace clew::net
