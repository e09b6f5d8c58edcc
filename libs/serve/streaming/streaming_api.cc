// SPDX-License-Identifier: Apache-2.0
#include "serve/streaming/streaming_api.h"

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/ingestor.h"
#include "ingest/loop_callback.h"
#include "query/cancellation.h"
#include "serve/limits.h"
#include "serve/query_watch.h"
#include "serve/request_span.h"
#include "serve/streaming/answers.h"
#include "serve/streaming/streaming_request.h"
#include "wire/otlp_response.h"

namespace clew::serve {
namespace {

using net::GrpcCode;
using net::GrpcStatus;

constexpr std::string_view kService = "tempopb.StreamingQuerier";

struct Method {
  std::string_view name;
  base::Result<ApiRequest> (*decode)(std::string_view message);
  StreamAnswer* answer;
};
constexpr Method kMethods[] = {{"Search", DecodeSearchRequest, StreamSearch},
                               {"SearchTags", DecodeTagsRequest, StreamTagNames},
                               {"SearchTagsV2", DecodeTagsRequest, StreamTagScopes},
                               {"SearchTagValues", DecodeTagValuesRequest, StreamTagTexts},
                               {"SearchTagValuesV2", DecodeTagValuesRequest, StreamTagValues},
                               {"MetricsQueryRange", DecodeRangeRequest, StreamRange},
                               {"MetricsQueryInstant", DecodeInstantRequest, StreamInstant}};

// What Tempo makes of the status that the same request has over HTTP.
GrpcCode CodeOf(int http_status) {
  if (http_status == 400) return GrpcCode::kInvalidArgument;
  if (http_status == 404) return GrpcCode::kNotFound;
  if (http_status == 422 || http_status == 429) return GrpcCode::kResourceExhausted;
  if (http_status == 499) return GrpcCode::kCancelled;
  if (http_status == 504) return GrpcCode::kDeadlineExceeded;
  return http_status >= 500 ? GrpcCode::kInternal : GrpcCode::kUnknown;
}

// The text is that of HTTP.
GrpcStatus StatusOf(const base::Error& error) {
  // Of a message, which HTTP does not have.
  if (error.code == base::ErrorCode::kTooLarge) {
    return {GrpcCode::kResourceExhausted, error.message, {}};
  }
  return {CodeOf(HttpStatusOf(error)), error.message, {}};
}

// A client may send it again later, as RetryInfo says.
GrpcStatus Busy(std::string why) {
  const GrpcCode code = GrpcCode::kResourceExhausted;
  std::string details = wire::EncodeRpcStatus(static_cast<int>(code), why, kRetryAfterSeconds);
  return {code, std::move(why), std::move(details)};
}

// The service. Thread-safe.
class StreamingQuerier {
 public:
  StreamingQuerier(Queries& queries, WorkerPool& workers) : queries_(queries), workers_(workers) {}

  net::Task<GrpcStatus> Call(const Method& method, net::Exchange& exchange,
                             net::GrpcRequest request, net::GrpcSender& sender) {
    const std::unique_ptr<model::OwnSpan> span =
        BeginGrpcSpan(queries_.tracer(), exchange, kService, method.name);
    GrpcStatus status =
        co_await Answer(method, exchange, std::move(request), sender, ContextOf(span.get()));
    if (span != nullptr) NoteGrpcStatus(*span, status);
    co_return status;
  }

 private:
  net::Task<GrpcStatus> Answer(const Method& method, net::Exchange& exchange,
                               net::GrpcRequest request, net::GrpcSender& sender,
                               std::optional<model::SpanContext> span) {
    const base::Result<std::string> message =
        ingest::Unpacked(std::move(request.message), request.encoding, kStreamRequestBytes);
    if (!message.ok()) {
      co_return GrpcStatus{net::ToGrpcCode(message.error().code), message.error().message, {}};
    }
    base::Result<ApiRequest> decoded = method.decode(message.value());
    if (!decoded.ok()) co_return StatusOf(decoded.error());
    const QueryLimits limits = queries_.limits();
    const auto feed = std::make_shared<AnswerFeed>();
    const QueryWatch watch(
        exchange.loop(), limits, [&sender] { return sender.cancelled(); },
        [feed, &limits] { feed->End(Busy(WaitedTooLong(limits).message), {}); });
    decoded.value().cancelled = watch.token();
    decoded.value().tenant = exchange.tenant();
    decoded.value().span = span;
    decoded.value().traceparent = exchange.request().headers.Get("traceparent").value_or("");
    FairQueue::Work work;
    work.refuse = [feed, turn = watch.turn()] {
      if (turn->Begin()) feed->End(Busy(std::string(kQueueFull)), {});
    };
    // The work owns all it needs: this coroutine may be gone when it runs.
    work.run = [this, &method, feed, turn = watch.turn(), timeout = limits.timeout,
                owned = std::move(decoded).value()]() mutable {
      if (!turn->Begin()) return;
      owned.deadline = *turn->began() + timeout;
      Run(method, owned, *feed);
    };
    if (!workers_.TryPost(exchange.tenant(), std::move(work)))
      co_return Busy(std::string(kQueueFull));
    // A query may take its time to notice, or have none of its own yet.
    const std::stop_callback leave(watch.token(), [&] {
      feed->End(sender.cancelled() ? Cancelled() : StatusOf(TookTooLong(limits)), {});
    });
    co_return co_await SendAll(exchange.loop(), *feed, sender);
  }

  static GrpcStatus Cancelled() { return StatusOf(query::QueryCancelled()); }

  static net::Task<GrpcStatus> SendAll(net::EventLoop& loop, AnswerFeed& feed,
                                       net::GrpcSender& sender) {
    while (true) {
      ingest::LoopCallback<bool> something(loop);
      feed.WakeBy(something.callback());
      (void)co_await something;
      AnswerFeed::Taken taken = feed.Take();
      for (const std::string& message : taken.messages) {
        const base::Status sent = co_await sender.Send(message);
        if (!sent.ok()) co_return StatusOf(sent.error());
      }
      if (taken.status) co_return *std::move(taken.status);
    }
  }

  // On a worker.
  void Run(const Method& method, const ApiRequest& request, AnswerFeed& feed) {
    // A client may have left while its request waited.
    if (request.cancelled.stop_requested()) return feed.End(Cancelled(), {});
    std::vector<std::string> messages;
    std::string partial;
    const base::Status answered =
        queries_.Run(method.name, request, partial, [&](QueryRun& run) -> base::Status {
          messages = TRY(method.answer(request, run, feed));
          return {};
        });
    if (!answered.ok()) return feed.End(StatusOf(answered.error()), {});
    GrpcStatus status;
    if (!partial.empty()) status.metadata.Add("x-clew-partial", partial);
    feed.End(std::move(status), std::move(messages));
  }

  Queries& queries_;
  WorkerPool& workers_;
};

}  // namespace

void AddStreamingApi(net::GrpcHandler& grpc, Queries& queries, WorkerPool& workers) {
  const auto querier = std::make_shared<StreamingQuerier>(queries, workers);
  for (const Method& method : kMethods) {
    grpc.AddStreaming(GrpcPath(kService, method.name),
                      [querier, &method](net::Exchange& exchange, net::GrpcRequest request,
                                         net::GrpcSender& sender) {
                        return querier->Call(method, exchange, std::move(request), sender);
                      });
  }
}

}  // namespace clew::serve
