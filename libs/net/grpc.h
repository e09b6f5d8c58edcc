// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "net/exchange.h"
#include "net/http_client.h"

namespace clew::net {

enum class GrpcCode : int {
  kOk = 0,
  kCancelled = 1,
  kUnknown = 2,
  kInvalidArgument = 3,
  kDeadlineExceeded = 4,
  kNotFound = 5,
  kPermissionDenied = 7,
  kResourceExhausted = 8,
  kUnimplemented = 12,
  kInternal = 13,
  kUnavailable = 14,
  kUnauthenticated = 16
};

// How a call ended. `details` is the binary google.rpc.Status for
// grpc-status-details-bin, or empty; `metadata` goes into the trailers beside it.
struct GrpcStatus {
  GrpcCode code = GrpcCode::kOk;
  std::string message;
  std::string details;
  Headers metadata{};
};
GrpcCode ToGrpcCode(base::ErrorCode code);

// Ends a call without a message; the status goes into the head.
Task<void> ReplyGrpcStatus(Exchange& exchange, GrpcStatus status);

// A request message as received: after the 5-byte prefix, still compressed when
// `encoding` says so ("identity", "gzip", "zstd", ...).
struct GrpcRequest {
  std::string message;
  std::string encoding;
  const Headers* metadata = nullptr;
};
struct GrpcReply {
  GrpcStatus status;
  std::string message;  // encoded response, when status is kOk
};

using GrpcUnaryMethod = std::function<Task<GrpcReply>(Exchange&, GrpcRequest)>;

// Sends the messages of a streaming answer. Belongs to one call and its coroutine.
class GrpcSender {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  GrpcSender(Exchange& exchange, Deadline deadline) : exchange_(exchange), deadline_(deadline) {}

  // Returns when the message has been handed on, so a slow client slows the sender.
  // After an error nobody takes another one.
  Task<base::Status> Send(std::string_view message);
  // True once the client has gone away or its timeout has passed. A method that waits
  // looks now and then.
  bool cancelled() const { return exchange_.cancelled() || is_late(); }

 private:
  friend class GrpcHandler;
  bool is_late() const;

  Exchange& exchange_;
  const Deadline deadline_;
  bool began_ = false;   // the head has been sent
  bool broken_ = false;  // a message could not be
};

// Sends any number of messages; the status goes into the trailers after them.
using GrpcStreamingMethod = std::function<Task<GrpcStatus>(Exchange&, GrpcRequest, GrpcSender&)>;

// Serves gRPC methods by path ("/package.Service/Method"), unary ones and those whose
// server streams; an unknown path is UNIMPLEMENTED. Honours grpc-timeout, the message
// limit and percent-encodes messages.
class GrpcHandler final : public Handler {
 public:
  explicit GrpcHandler(size_t message_limit_bytes) : message_limit_bytes_(message_limit_bytes) {}
  void Add(std::string path, GrpcUnaryMethod method);
  void AddStreaming(std::string path, GrpcStreamingMethod method);
  // Hears of messages that no method was given, because they were too large, malformed or did
  // not come whole. Set before it serves.
  using RefusedCallback = std::function<void(const Exchange&, const base::Error&)>;
  void set_on_refused(RefusedCallback on_refused) { on_refused_ = std::move(on_refused); }
  Task<void> Handle(Exchange& exchange) override;

  // True for a request with content type application/grpc or application/grpc+proto.
  static bool IsGrpc(const RequestHead& request);

 private:
  static Task<void> AnswerStreaming(const GrpcStreamingMethod& method, Exchange& exchange,
                                    GrpcRequest request, GrpcSender::Deadline deadline);

  size_t message_limit_bytes_;
  RefusedCallback on_refused_;
  std::map<std::string, std::variant<GrpcUnaryMethod, GrpcStreamingMethod>, std::less<>> methods_;
};

// One port for both: gRPC calls go to one handler, all else to the other.
class GrpcOrHttp final : public Handler {
 public:
  GrpcOrHttp(Handler& grpc, Handler& http) : grpc_(grpc), http_(http) {}
  Task<void> Handle(Exchange& exchange) override {
    return (GrpcHandler::IsGrpc(exchange.request()) ? grpc_ : http_).Handle(exchange);
  }

 private:
  Handler& grpc_;
  Handler& http_;
};

// One unary call; borrows what it names until the call has returned.
struct GrpcCallRequest {
  std::string_view path;  // "/package.Service/Method"
  std::string_view message;
  const Headers& metadata;
  bool gzip = false;  // compresses the message
};

// Sends it. A transport failure is kUnavailable in the status.
Task<GrpcReply> GrpcCall(HttpClient& client, const Endpoint& endpoint,
                         const GrpcCallRequest& request,
                         std::chrono::steady_clock::time_point deadline);

}  // namespace clew::net
