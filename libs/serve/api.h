// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "model/tracer.h"

namespace clew::serve {

// One request to an API as its functions see it: a value, without the socket.
struct ApiRequest {
  std::string path_argument;  // what stood for the {…} of the route, decoded
  std::vector<std::pair<std::string, std::string>> parameters;
  std::string accept;
  std::string body{};         // where the route wants one
  std::string traceparent{};  // the header, as it came
  // The span of this request, when the server makes one.
  std::optional<model::SpanContext> span{};
  // Whose spans it is about, and no others'; empty where the server does not tell tenants apart.
  std::string tenant{};
  // Asked to stop once nobody waits for the reply, or it is late.
  std::stop_token cancelled{};
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();

  // The first value of that name; an empty parameter counts as absent.
  std::optional<std::string_view> Parameter(std::string_view name) const {
    for (const auto& [key, value] : parameters) {
      if (key == name && !value.empty()) return value;
    }
    return std::nullopt;
  }
};

// The rest of a body that is too large to be made at once. Used by one thread at a time.
class BodyPieces {
 public:
  virtual ~BodyPieces() = default;
  // The next piece; empty at the end. After an error the response is broken off, so that
  // nobody takes it for a whole one.
  virtual base::Result<std::string> Next() = 0;
};

struct ApiReply {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  // Why the answer may lack something: becomes the header X-Clew-Partial.
  std::string partial{};
  // Becomes the header Retry-After; 0: none.
  int retry_after_seconds = 0;
  // What follows `body`; null: nothing.
  std::shared_ptr<BodyPieces> rest{};
};

// Errors are plain text, as Tempo's clients expect them.
inline ApiReply TextReply(int status, std::string body) {
  return {.status = status, .content_type = "text/plain; charset=utf-8", .body = std::move(body)};
}

// What HTTP calls an error: 400 when the request is wrong, 422 when it is right and its answer
// is over a limit, 500 when it is our data or our disk. 499 is nginx's word for a client that
// left, and Tempo's; nobody reads it.
inline int HttpStatusOf(const base::Error& error) {
  using base::ErrorCode;
  switch (error.code) {
    case ErrorCode::kCancelled:
      return 499;
    case ErrorCode::kExhausted:
      return 422;
    case ErrorCode::kDeadlineExceeded:
      return 504;
    case ErrorCode::kUnavailable:
      return 503;
    case ErrorCode::kCorruption:
    case ErrorCode::kIo:
    case ErrorCode::kNotFound:
    case ErrorCode::kUnsupported:
      return 500;
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kTooLarge:
      break;
  }
  return 400;
}
inline ApiReply ErrorReply(const base::Error& error) {
  return TextReply(HttpStatusOf(error), error.message);
}

// Called on any thread, on many at once.
using ApiFunction = std::function<ApiReply(const ApiRequest&)>;

}  // namespace clew::serve
