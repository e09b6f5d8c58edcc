// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "net/exchange.h"

namespace clew::ingest {

inline constexpr std::string_view kPlainText = "text/plain; charset=utf-8";

// 405 of an endpoint that knows one method, of which `allowed` is the name.
inline net::Task<void> ReplyMethodNotAllowed(net::Exchange& exchange, std::string allowed) {
  const std::string body = "405 method not allowed: use " + allowed + "\n";
  net::ResponseHead head;
  head.status = 405;
  head.headers.Add("Allow", allowed);
  head.headers.Add("Content-Type", kPlainText);
  (void)co_await exchange.Reply(std::move(head), body);
}

// 404 of a path that nobody knows.
inline net::Task<void> ReplyNotFound(net::Exchange& exchange) {
  (void)co_await net::ReplyText(exchange, 404, kPlainText, "404 page not found\n");
}

}  // namespace clew::ingest
