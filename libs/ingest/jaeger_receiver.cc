// SPDX-License-Identifier: Apache-2.0
#include "ingest/jaeger_receiver.h"

#include <string>
#include <utility>

#include "ingest/media_type.h"
#include "ingest/receive.h"

namespace clew::ingest {
namespace {

bool IsThrift(std::string_view content_type) {
  const std::string_view media_type = MediaTypeOf(content_type);
  return net::EqualsIgnoringCase(media_type, "application/x-thrift") ||
         net::EqualsIgnoringCase(media_type, "application/vnd.apache.thrift.binary");
}

}  // namespace

net::Task<void> JaegerReceiver::Handle(net::Exchange& exchange) {
  if (exchange.request().path() != "/api/traces") {
    co_await ReplyNotFound(exchange);
    co_return;
  }
  if (exchange.request().method != "POST") {
    co_await ReplyMethodNotAllowed(exchange);
    co_return;
  }
  const std::string content_type(exchange.request().headers.Get("content-type").value_or(""));
  if (!IsThrift(content_type)) {
    base::Error unknown{base::ErrorCode::kInvalidArgument,
                        "Unsupported content type: " + content_type};
    Refusal refusal =
        NoteUnsupported(ingestor_, exchange, Receiver::kJaegerThrift, std::move(unknown));
    co_await ReplyPlainError(exchange, std::move(refusal));
    co_return;
  }
  const IngestOutcome stored =
      co_await ReceiveBody(ingestor_, exchange, wire::Format::kJaegerThriftBinary);
  if (!stored.ok()) {
    co_await ReplyPlainError(exchange, stored.error());
    co_return;
  }
  net::ResponseHead head;
  head.status = 202;
  (void)co_await exchange.Reply(std::move(head), "");
}

}  // namespace clew::ingest
