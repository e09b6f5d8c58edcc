// SPDX-License-Identifier: Apache-2.0

#include "uservice/plain_service.h"

#include <cstdio>
#include <utility>

#include "uservice/page.h"
#include "uservice/request_log.h"

namespace clew::demo {

net::Task<void> PlainService::Handle(net::Exchange& exchange) {
  std::fputs(FormatRequest(exchange.request().headers).c_str(), stdout);
  std::fflush(stdout);
  co_await CallMockDatabase(exchange.loop(), options_.delay);
  if (upstream_ != nullptr) {
    net::Headers none;
    const auto response = co_await upstream_->Get(std::move(none));
    if (!response.ok()) {
      (void)co_await net::ReplyText(exchange, 502, "text/plain; charset=utf-8", "Bad Gateway\n");
      co_return;
    }
  }
  // A client that has gone away needs no answer.
  (void)co_await net::ReplyText(exchange, 200, kPageType, kPage);
}

}  // namespace clew::demo
