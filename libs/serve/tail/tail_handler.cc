// SPDX-License-Identifier: Apache-2.0
#include "serve/tail/tail_handler.h"

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "base/log.h"
#include "ingest/loop_callback.h"
#include "net/http.h"
#include "serve/api.h"
#include "serve/limits.h"
#include "serve/tail/tail_events.h"
#include "serve/traceql_query.h"

namespace clew::serve {
namespace {

constexpr std::string_view kPath = "/api/clew/v1/tail";
constexpr std::string_view kText = "text/plain; charset=utf-8";

base::Result<std::shared_ptr<const traceql::SpansetPipeline>> PipelineOf(
    const net::RequestHead& head) {
  std::string query = "{ }";
  for (auto& [name, value] : net::ParseQuery(head.query())) {
    if (name != "q") {
      return base::Error{base::ErrorCode::kInvalidArgument,
                         "a tail has q only, not '" + name + "'"};
    }
    if (!value.empty()) query = std::move(value);
  }
  return std::make_shared<const traceql::SpansetPipeline>(TRY(ParseSpansetPipeline(query)));
}

net::ResponseHead StreamHead() {
  net::ResponseHead head;
  head.status = 200;
  head.headers.Add("Content-Type", "text/event-stream");
  head.headers.Add("Cache-Control", "no-store");
  head.headers.Add("X-Content-Type-Options", "nosniff");
  return head;
}

}  // namespace

net::Task<void> TailHandler::Handle(net::Exchange& exchange) {
  if (exchange.request().path() == kPath && exchange.request().method == "GET") {
    co_await Tail(exchange);
  } else {
    co_await parts_.next.Handle(exchange);
  }
}

net::Task<void> TailHandler::Tail(net::Exchange& exchange) {
  auto pipeline = PipelineOf(exchange.request());
  if (!pipeline.ok()) {
    const int status = HttpStatusOf(pipeline.error());
    (void)co_await net::ReplyText(exchange, status, kText, pipeline.error().message);
    co_return;
  }
  if (!parts_.readiness.is_ready()) {
    const std::string why = parts_.readiness.Describe();
    (void)co_await net::ReplyText(exchange, 503, kText, why);
    co_return;
  }
  std::shared_ptr<TailQueue> queue = parts_.hub.Follow(ingest::TenantOf(exchange));
  if (queue == nullptr) {
    const std::string why = "there are " + std::to_string(kMaxTails) +
                            " live tails, which is as many as there may be; close one first\n";
    (void)co_await net::ReplyText(exchange, 429, kText, why);
    co_return;
  }
  co_await Stream(exchange, std::move(pipeline).value(), std::move(queue));
}

// Ends when the client leaves or the server does.
net::Task<void> TailHandler::Stream(net::Exchange& exchange, Pipeline pipeline,
                                    std::shared_ptr<TailQueue> queue) {
  net::ResponseHead head = StreamHead();
  base::Status sent = co_await exchange.WriteHead(std::move(head));
  // So that the client knows at once that it is heard.
  if (sent.ok()) sent = co_await exchange.WriteBody(": following\n\n");
  std::chrono::milliseconds silence{0};
  while (sent.ok() && !exchange.cancelled() && parts_.readiness.is_ready()) {
    co_await exchange.loop().SleepFor(kTailInterval);
    silence += kTailInterval;
    TailQueue::Taken taken = queue->Take();
    std::string events;
    if (!taken.empty()) events = co_await Events(exchange, pipeline, std::move(taken));
    if (events.empty() && silence >= kTailHeartbeat) events = ": nothing new\n\n";
    if (events.empty()) continue;
    silence = std::chrono::milliseconds(0);
    sent = co_await exchange.WriteBody(events);
  }
  if (sent.ok()) (void)co_await exchange.Finish();
}

// Bodies that no worker has time for, or whose search fails, are skipped.
net::Task<std::string> TailHandler::Events(net::Exchange& exchange, Pipeline pipeline,
                                           TailQueue::Taken taken) {
  uint64_t spans = taken.skipped_spans;
  for (const std::shared_ptr<const TailBody>& body : taken.bodies) spans += body->spans;
  ingest::LoopCallback<base::Result<std::string>> answer(exchange.loop());
  FairQueue::Work work;
  work.refuse = [done = answer.callback()] {
    done(base::Error{base::ErrorCode::kExhausted, std::string(kQueueFull)});
  };
  work.run = [pipeline = std::move(pipeline), taken = std::move(taken),
              memory = parts_.limits.Get().memory_bytes,
              done = answer.callback()] { done(TailEvents(*pipeline, taken, memory)); };
  if (!parts_.workers.TryPost(exchange.tenant(), std::move(work)))
    co_return SkippedSpansEvent(spans);
  base::Result<std::string> events = co_await answer;
  if (events.ok()) co_return std::move(events).value();
  base::LogWarning("live tail: " + events.error().message);
  co_return SkippedSpansEvent(spans);
}

}  // namespace clew::serve
