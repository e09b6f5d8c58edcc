// SPDX-License-Identifier: Apache-2.0
#include "net/exchange.h"

#include <algorithm>

#include "net/limits.h"

namespace clew::net {

Task<base::Result<std::string>> ReadWholeBody(Exchange& exchange, size_t limit_bytes) {
  const auto too_large = [&] {
    return base::Error{base::ErrorCode::kTooLarge, "request body is larger than the limit of " +
                                                       std::to_string(limit_bytes) + " bytes"};
  };
  std::string body;
  if (const auto length = exchange.request().content_length) {
    if (*length > limit_bytes) co_return too_large();
    body.reserve(std::min<size_t>(*length, kMaxReservedBodyBytes));
  }
  while (true) {
    base::Result<std::string_view> piece = co_await exchange.ReadBody();
    if (!piece.ok()) co_return std::move(piece).error();
    if (piece.value().empty()) co_return std::move(body);
    if (piece.value().size() > limit_bytes - body.size()) co_return too_large();
    body += piece.value();
  }
}

Task<base::Status> ReplyText(Exchange& exchange, int status, std::string_view content_type,
                             std::string_view body) {
  ResponseHead head;
  head.status = status;
  head.headers.Add("content-type", std::string(content_type));
  head.content_length = body.size();
  co_return co_await exchange.Reply(std::move(head), body);
}

}  // namespace clew::net
