// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>

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
// grpc-status-details-bin, or empty.
struct GrpcStatus {
  GrpcCode code = GrpcCode::kOk;
  std::string message;
  std::string details;
};
GrpcCode ToGrpcCode(base::ErrorCode code);

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

// Serves gRPC unary methods by path ("/package.Service/Method"); an unknown
// path is UNIMPLEMENTED. Honours grpc-timeout, the message limit and percent-encodes messages.
class GrpcHandler final : public Handler {
 public:
  explicit GrpcHandler(size_t message_limit_bytes) : message_limit_bytes_(message_limit_bytes) {}
  void Add(std::string path, GrpcUnaryMethod method);
  Task<void> Handle(Exchange& exchange) override;

  // True for a request with content type application/grpc or application/grpc+proto.
  static bool IsGrpc(const RequestHead& request);

 private:
  size_t message_limit_bytes_;
  std::map<std::string, GrpcUnaryMethod, std::less<>> methods_;
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
