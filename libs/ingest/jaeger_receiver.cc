// SPDX-License-Identifier: Apache-2.0
#include "ingest/jaeger_receiver.h"

#include <string>
#include <utility>

#include "ingest/http_reply.h"
#include "ingest/http_status.h"
#include "ingest/media_type.h"

namespace clew::ingest {
namespace {

bool IsThrift(std::string_view content_type) {
  const std::string_view media_type = MediaTypeOf(content_type);
  return net::EqualsIgnoringCase(media_type, "application/x-thrift") ||
         net::EqualsIgnoringCase(media_type, "application/vnd.apache.thrift.binary");
}

net::Task<void> ReplyError(net::Exchange& exchange, base::Error error) {
  const std::string body = error.message + "\n";
  net::ResponseHead head;
  head.status = HttpStatusOf(error.code);
  head.headers.Add("Content-Type", std::string(kPlainText));
  if (error.code == base::ErrorCode::kExhausted) {
    head.headers.Add("Retry-After", std::to_string(kRetryAfterSeconds));
  }
  (void)co_await exchange.Reply(std::move(head), body);
}

}  // namespace

net::Task<void> JaegerReceiver::Handle(net::Exchange& exchange) {
  if (exchange.request().path() != "/api/traces") {
    co_await ReplyNotFound(exchange);
    co_return;
  }
  if (exchange.request().method != "POST") {
    co_await ReplyMethodNotAllowed(exchange, "POST");
    co_return;
  }
  const std::string content_type(exchange.request().headers.Get("content-type").value_or(""));
  if (!IsThrift(content_type)) {
    ingestor_.CountRefused();
    const std::string body = "Unsupported content type: " + content_type + "\n";
    (void)co_await net::ReplyText(exchange, 400, kPlainText, body);
    co_return;
  }
  co_await Submit(exchange);
}

net::Task<void> JaegerReceiver::Submit(net::Exchange& exchange) {
  const base::Result<wire::ContentEncoding> encoding =
      ParseContentEncoding(exchange.request().headers.Get("content-encoding").value_or(""));
  if (!encoding.ok()) {
    ingestor_.CountRefused();
    co_await ReplyError(exchange, encoding.error());
    co_return;
  }
  base::Result<std::string> body =
      co_await net::ReadWholeBody(exchange, ingestor_.limits().body_bytes);
  if (!body.ok()) {
    ingestor_.CountRefused();
    co_await ReplyError(exchange, body.error());
    co_return;
  }
  IngestRequest request;
  request.format = wire::Format::kJaegerThriftBinary;
  request.encoding = encoding.value();
  request.body = std::move(body).value();
  const base::Result<IngestReply> stored =
      co_await ingestor_.Ingest(exchange.loop(), std::move(request));
  if (!stored.ok()) {
    co_await ReplyError(exchange, stored.error());
    co_return;
  }
  net::ResponseHead head;
  head.status = 202;
  (void)co_await exchange.Reply(std::move(head), "");
}

}  // namespace clew::ingest
