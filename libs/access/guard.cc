// SPDX-License-Identifier: Apache-2.0
#include "access/guard.h"

#include <string>
#include <utility>

#include "net/grpc.h"

namespace clew::access {
namespace {

// Whether the server is ready may be asked by anybody: who starts it has no tenant.
constexpr std::string_view kOpenPath = "/ready";

net::GrpcCode GrpcCodeOf(int status) {
  if (status == 401) return net::GrpcCode::kUnauthenticated;
  return status == 403 ? net::GrpcCode::kPermissionDenied : net::GrpcCode::kInvalidArgument;
}

net::Task<void> Refuse(net::Exchange& exchange, Refusal refusal, bool has_credentials) {
  if (net::GrpcHandler::IsGrpc(exchange.request())) {
    net::GrpcStatus status{GrpcCodeOf(refusal.status), std::move(refusal.message), {}};
    co_return co_await net::ReplyGrpcStatus(exchange, std::move(status));
  }
  net::ResponseHead head;
  head.status = refusal.status;
  head.headers.Add("Content-Type", "text/plain; charset=utf-8");
  // Has a browser ask for user and password.
  if (refusal.status == 401 && has_credentials) {
    head.headers.Add("WWW-Authenticate", "Basic realm=\"clew\", charset=\"UTF-8\"");
  }
  const std::string body = refusal.message + "\n";
  (void)co_await exchange.Reply(std::move(head), body);
}

}  // namespace

bool Guard::IsOpen(const net::RequestHead& request) const {
  return is_open_ && !access_.has_credentials() && is_open_(request);
}

net::Task<void> Guard::Handle(net::Exchange& exchange) {
  if (exchange.request().path() == kOpenPath) co_return co_await behind_.Handle(exchange);
  base::Result<std::string, Refusal> tenant =
      access_.TenantOf(exchange.request().headers, exchange.client_certificate());
  if (!tenant.ok()) {
    if (IsOpen(exchange.request())) co_return co_await behind_.Handle(exchange);
    if (on_refused_) on_refused_(exchange, tenant.error());
    co_return co_await Refuse(exchange, std::move(tenant).error(), access_.has_credentials());
  }
  exchange.set_tenant(std::move(tenant).value());
  co_await behind_.Handle(exchange);
}

}  // namespace clew::access
