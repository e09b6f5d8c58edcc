// SPDX-License-Identifier: Apache-2.0
#include "serve/api_handler.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "base/compression.h"
#include "ingest/loop_callback.h"
#include "query/cancellation.h"
#include "serve/limits.h"
#include "serve/query_watch.h"
#include "serve/request_span.h"

namespace clew::serve {
namespace {

net::ResponseHead HeadOf(const ApiReply& reply) {
  net::ResponseHead head;
  head.status = reply.status;
  if (!reply.body.empty()) head.headers.Add("Content-Type", reply.content_type);
  if (!reply.partial.empty()) head.headers.Add("X-Clew-Partial", reply.partial);
  if (reply.retry_after_seconds > 0) {
    head.headers.Add("Retry-After", std::to_string(reply.retry_after_seconds));
  }
  head.headers.Add("Cache-Control", "no-store");
  head.headers.Add("X-Content-Type-Options", "nosniff");
  return head;
}

net::Task<int> Send(net::Exchange& exchange, ApiReply reply) {
  net::ResponseHead head = HeadOf(reply);
  if (reply.body.size() >= kGzipFromBytes) {
    head.headers.Add("Vary", "Accept-Encoding");
    const std::string_view accepted =
        exchange.request().headers.Get("accept-encoding").value_or("");
    if (accepted.find("gzip") != std::string_view::npos) {
      reply.body = base::GzipCompress(reply.body);
      head.headers.Add("Content-Encoding", "gzip");
    }
  }
  (void)co_await exchange.Reply(std::move(head), reply.body);
  co_return reply.status;
}

ApiReply BusyReply(std::string why) {
  ApiReply reply = TextReply(429, std::move(why) + "\n");
  reply.retry_after_seconds = kRetryAfterSeconds;
  return reply;
}

ApiReply UnreadBodyReply(const base::Error& error) {
  const bool too_large = error.code == base::ErrorCode::kTooLarge;
  return TextReply(too_large ? 413 : HttpStatusOf(error), error.message + "\n");
}

// A client may have left while its request waited for a worker.
ApiReply Run(const ApiFunction& function, const ApiRequest& request) {
  if (request.cancelled.stop_requested()) return ErrorReply(query::QueryCancelled());
  return function(request);
}

ApiRequest RequestOf(const net::Exchange& exchange, std::string path_argument) {
  const net::RequestHead& head = exchange.request();
  return {.path_argument = std::move(path_argument),
          .parameters = net::ParseQuery(head.query()),
          .accept = std::string(head.headers.Get("accept").value_or("")),
          .traceparent = std::string(head.headers.Get("traceparent").value_or("")),
          .tenant = exchange.tenant()};
}

}  // namespace

net::Task<void> ApiHandler::Handle(net::Exchange& exchange) {
  const net::RequestHead& request = exchange.request();
  Router::Match match = router_.Find(request.method, request.path());
  if (match.outcome == Router::Match::Outcome::kFound) {
    const std::unique_ptr<model::OwnSpan> span =
        match.runs_on == RunsOn::kWorker ? BeginRequestSpan(tracer_, exchange, match.pattern)
                                         : nullptr;
    const int status = co_await Call(exchange, std::move(match), ContextOf(span.get()));
    if (span != nullptr) NoteHttpStatus(*span, status);
    co_return;
  }
  co_await ReplyWithoutRoute(exchange, std::move(match));
}

net::Task<int> ApiHandler::Call(net::Exchange& exchange, Router::Match match,
                                std::optional<model::SpanContext> span) {
  ApiRequest request = RequestOf(exchange, std::move(match.argument));
  request.span = span;
  ByteAllowance::Share body_space;
  if (match.body_limit > 0) {
    const size_t most = exchange.request().content_length.value_or(match.body_limit);
    body_space = bodies_.Take(std::min(most, match.body_limit));
    if (body_space == nullptr) {
      ApiReply full = BusyReply("too many files are opened at once");
      co_return co_await Send(exchange, std::move(full));
    }
    base::Result<std::string> body = co_await net::ReadWholeBody(exchange, match.body_limit);
    if (!body.ok()) {
      ApiReply unread = UnreadBodyReply(body.error());
      co_return co_await Send(exchange, std::move(unread));
    }
    request.body = std::move(body).value();
  }
  if (match.runs_on == RunsOn::kLoop) {
    ApiReply reply = (*match.function)(request);
    co_return co_await Send(exchange, std::move(reply));
  }
  co_return co_await Work(exchange, *match.function, std::move(request), std::move(body_space));
}

net::Task<int> ApiHandler::Work(net::Exchange& exchange, const ApiFunction& function,
                                ApiRequest request, ByteAllowance::Share body_space) {
  ingest::LoopCallback<ApiReply> answer(exchange.loop());
  const std::function<void(ApiReply)> done = answer.callback();
  const QueryLimits limits = limits_.Get();
  QueryWatch watch(
      exchange.loop(), limits, [&exchange] { return exchange.cancelled(); },
      [&limits, done] { done(BusyReply(WaitedTooLong(limits).message)); });
  request.cancelled = watch.token();
  const std::string tenant = request.tenant;
  FairQueue::Work work;
  work.refuse = [done, turn = watch.turn()] {
    if (turn->Begin()) done(BusyReply(std::string(kQueueFull)));
  };
  // The work owns all it needs: this coroutine may be gone when it runs.
  work.run = [&function, done, turn = watch.turn(), timeout = limits.timeout,
              owned = std::move(request), body_space = std::move(body_space)]() mutable {
    if (!turn->Begin()) return;
    owned.deadline = *turn->began() + timeout;
    done(Run(function, owned));
  };
  if (!workers_.TryPost(tenant, std::move(work))) {
    ApiReply full = BusyReply(std::string(kQueueFull));
    co_return co_await Send(exchange, std::move(full));
  }
  ApiReply reply = co_await answer;
  watch.EndTimeLimit();
  if (reply.rest == nullptr) co_return co_await Send(exchange, std::move(reply));
  co_return co_await SendInPieces(exchange, std::move(reply));
}

// While a piece is sent the next one is made: no worker waits for a slow client. What ends
// without Finish is broken off.
net::Task<int> ApiHandler::SendInPieces(net::Exchange& exchange, ApiReply reply) {
  net::ResponseHead head = HeadOf(reply);
  base::Status sent = co_await exchange.WriteHead(std::move(head));
  std::string piece;
  const std::string tenant = exchange.tenant();
  if (exchange.request().method != "HEAD") piece = std::move(reply.body);
  while (sent.ok() && !piece.empty()) {
    ingest::LoopCallback<base::Result<std::string>> next(exchange.loop());
    const FairQueue::Work work{[rest = reply.rest, done = next.callback()] { done(rest->Next()); }};
    while (!workers_.TryPost(tenant, work)) co_await exchange.loop().SleepFor(kPieceRetry);
    sent = co_await exchange.WriteBody(piece);
    if (!sent.ok()) co_return reply.status;
    base::Result<std::string> made = co_await next;
    if (!made.ok()) co_return reply.status;
    piece = std::move(made).value();
  }
  if (sent.ok()) (void)co_await exchange.Finish();
  co_return reply.status;
}

bool ApiHandler::AnswersWithAsset(const net::RequestHead& request) const {
  const Router::Match match = router_.Find(request.method, request.path());
  return match.outcome == Router::Match::Outcome::kNotFound && IsForAsset(files_, request);
}

net::Task<void> ApiHandler::ReplyWithoutRoute(net::Exchange& exchange, Router::Match match) {
  if (match.outcome == Router::Match::Outcome::kWrongMethod) {
    net::ResponseHead head;
    head.status = 405;
    head.headers.Add("Allow", std::string(match.allowed));
    head.headers.Add("Content-Type", "text/plain; charset=utf-8");
    (void)co_await exchange.Reply(std::move(head), "405 method not allowed\n");
    co_return;
  }
  std::optional<AssetReply> asset = FindAsset(files_, exchange.request());
  if (asset.has_value()) {
    (void)co_await exchange.Reply(std::move(asset->head), asset->body);
    co_return;
  }
  ApiReply missing = TextReply(404, "404 page not found\n");
  (void)co_await Send(exchange, std::move(missing));
}

}  // namespace clew::serve
