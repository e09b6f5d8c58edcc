// SPDX-License-Identifier: Apache-2.0
#include "edge/proxy.h"

#include <algorithm>
#include <cctype>
#include <future>
#include <random>
#include <utility>

#include "base/clock.h"
#include "base/host_name.h"
#include "edge/forwarded_headers.h"
#include "edge/limits.h"
#include "edge/trace_context.h"
#include "net/coarse_clock.h"

namespace clew::edge {
namespace {

constexpr std::string_view kTraceHeader = "uber-trace-id";
constexpr int kClientClosed = 499;  // as nginx and Traefik count it; never sent

uint64_t RandomNonZero() {
  thread_local std::mt19937_64 generator(std::random_device{}());
  while (true) {
    // 63 bits, so that clients that read ids as signed numbers agree.
    if (const uint64_t value = generator() >> 1; value != 0) return value;
  }
}

void StoreBigEndian(uint64_t value, uint8_t* out) {
  for (int i = 7; i >= 0; --i, value >>= 8) out[i] = static_cast<uint8_t>(value);
}

model::SpanId NewSpanId() {
  model::SpanId id;
  StoreBigEndian(RandomNonZero(), id.bytes.data());
  return id;
}

std::string ToLower(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
  return lower;
}

int StatusOf(base::ErrorCode code) {
  switch (code) {
    case base::ErrorCode::kDeadlineExceeded:
      return 504;
    case base::ErrorCode::kCancelled:
      return kClientClosed;
    case base::ErrorCode::kTooLarge:
      return 413;
    case base::ErrorCode::kInvalidArgument:
    case base::ErrorCode::kUnsupported:
    case base::ErrorCode::kNotFound:
    case base::ErrorCode::kExhausted:
    case base::ErrorCode::kUnavailable:
    case base::ErrorCode::kCorruption:
    case base::ErrorCode::kIo:
      return 502;
  }
  return 502;
}

// Answers in the edge's own name; the text is what Traefik says.
net::Task<int> ReplyError(net::Exchange& exchange, int status, std::string_view text) {
  if (status != kClientClosed) {
    (void)co_await net::ReplyText(exchange, status, "text/plain; charset=utf-8", text);
  }
  co_return status;
}

net::Task<int> ReplyError(net::Exchange& exchange, int status) {
  return ReplyError(exchange, status, net::ReasonPhrase(status));
}

// Copies what is left of the request body to the upstream. A failure is not
// reported here: the upstream may have answered early, which ReadHead tells.
net::Task<bool> SendBody(net::Exchange& exchange, net::ClientExchange& upstream,
                         std::string_view first) {
  std::string_view piece = first;
  while (!piece.empty()) {
    const base::Status sent = co_await upstream.WriteBody(piece);
    if (!sent.ok()) co_return true;
    const auto next = co_await exchange.ReadBody();
    if (!next.ok()) co_return false;
    piece = next.value();
  }
  (void)co_await upstream.FinishBody();
  co_return true;
}

// Copies the response to the client; true when all of it went through.
net::Task<bool> RelayResponse(net::Exchange& exchange, net::ClientExchange& upstream,
                              net::ResponseHead head) {
  auto piece = co_await upstream.ReadBody();
  if (!piece.ok()) co_return false;
  if (head.content_length && piece.value().size() == *head.content_length) {
    // The whole body is at hand: one write for head and body.
    const base::Status sent = co_await exchange.Reply(std::move(head), piece.value());
    co_return sent.ok();
  }
  base::Status sent = co_await exchange.WriteHead(std::move(head));
  while (sent.ok() && !piece.value().empty()) {
    sent = co_await exchange.WriteBody(piece.value());
    if (!sent.ok()) co_return false;
    piece = co_await upstream.ReadBody();
    if (!piece.ok()) co_return false;
  }
  if (!sent.ok()) co_return false;
  net::Headers trailers = upstream.response_trailers();
  RemoveHopByHop(trailers);
  sent = co_await exchange.Finish(std::move(trailers));
  co_return sent.ok();
}

net::Task<void> FlushAndTell(SpanExporter& exporter, std::shared_ptr<std::promise<void>> done) {
  co_await exporter.Flush();
  done->set_value();
}

}  // namespace

Proxy::Proxy(const Config& config, ProxyOptions options, const std::vector<net::EventLoop*>& loops)
    : options_(std::move(options)), server_name_(base::HostName()) {
  std::map<std::string, Service*> by_name;
  for (const ServiceConfig& service : config.services) {
    services_.push_back(std::make_unique<Service>());
    services_.back()->config = service;
    by_name[service.name] = services_.back().get();
  }
  for (const RouterConfig& router : config.routers) {
    const auto& points = router.entry_points;
    if (!points.empty() && std::ranges::find(points, options_.entry_point) == points.end())
      continue;
    const std::string name = router.name + "@file";
    const std::string service = router.service + "@file";
    const std::string span_name = std::string("forward ").append(service).append("/").append(name);
    for (const std::string& host : router.hosts) {
      routes_.try_emplace(host, Route{name, service, span_name, by_name.at(router.service)});
    }
  }
  for (net::EventLoop* loop : loops) {
    auto client = std::make_unique<net::HttpClient>(*loop);
    std::unique_ptr<SpanExporter> exporter;
    if (options_.collector) {
      exporter = std::make_unique<SpanExporter>(*loop, *options_.collector, options_.entry_point);
    }
    lanes_.push_back({loop, std::move(client), std::move(exporter)});
  }
}

void Proxy::FlushSpans() {
  std::vector<std::future<void>> flushed;
  for (const Lane& lane : lanes_) {
    if (lane.exporter == nullptr) continue;
    auto done = std::make_shared<std::promise<void>>();
    flushed.push_back(done->get_future());
    lane.loop->Spawn(FlushAndTell(*lane.exporter, std::move(done)));
  }
  const auto give_up = std::chrono::steady_clock::now() + kShutdownTimeout;
  for (const std::future<void>& one : flushed) one.wait_until(give_up);
}

const Proxy::Route* Proxy::FindRoute(const net::RequestHead& request) const {
  const auto route = routes_.find(ToLower(WithoutPort(request.authority)));
  return route == routes_.end() ? nullptr : &route->second;
}

// Few loops: looking at each is faster than hashing.
Proxy::Lane& Proxy::LaneOf(const net::EventLoop& loop) {
  return *std::ranges::find(lanes_, &loop, &Lane::loop);
}

TracedRequest Proxy::BeginTrace(const net::RequestHead& request) const {
  TracedRequest traced;
  traced.entry_start_ns = base::Clock::System().UnixNanos();
  traced.entry_span_id = NewSpanId();
  traced.method = request.method;
  traced.url = request.target;
  traced.host = request.authority;
  const auto header = request.headers.Get(kTraceHeader);
  const auto inbound = header ? ParseUberTraceId(*header) : std::nullopt;
  if (inbound) {
    traced.trace_id = inbound->trace_id;
    traced.parent_span_id = inbound->span_id;
    traced.flags = inbound->flags;
    return traced;
  }
  // As jaeger-client does: the root span's id is the low half of the trace id.
  std::ranges::copy(traced.entry_span_id.bytes, traced.trace_id.bytes.begin() + 8);
  if (options_.generate_128_bit_ids) {
    StoreBigEndian(RandomNonZero(), traced.trace_id.bytes.data());
  }
  return traced;
}

net::Task<void> Proxy::Handle(net::Exchange& exchange) {
  const Route* route = FindRoute(exchange.request());
  SpanExporter* const exporter = LaneOf(exchange.loop()).exporter.get();
  if (exporter == nullptr) {
    if (route != nullptr) {
      (void)co_await Forward(exchange, *route, nullptr);
    } else {
      (void)co_await ReplyError(exchange, 404, "404 page not found\n");
    }
    co_return;
  }
  TracedRequest traced = BeginTrace(exchange.request());
  if (route == nullptr) {
    traced.status = co_await ReplyError(exchange, 404, "404 page not found\n");
  } else {
    traced.router = route->router;
    traced.service = route->service_name;
    traced.forward_name = route->forward_name;
    traced.forward_span_id = NewSpanId();
    traced.forward_start_ns = traced.entry_start_ns;  // finding the route takes no time
    traced.status = co_await Forward(exchange, *route, &traced);
    traced.forward_status = traced.status;
  }
  if ((traced.flags & 1) == 0) co_return;
  traced.entry_end_ns = base::Clock::System().UnixNanos();
  traced.forward_end_ns = traced.entry_end_ns;
  exporter->Add(traced);
}

net::RequestHead Proxy::UpstreamHead(const net::Exchange& exchange, const net::Url& server,
                                     bool pass_host_header, const TracedRequest* traced) const {
  const net::RequestHead& request = exchange.request();
  net::RequestHead head{.method = request.method,
                        .target = request.target,
                        .authority = request.authority,
                        .headers = ForwardedHeaders(exchange, server_name_),
                        .content_length = request.content_length};
  if (!pass_host_header) {
    head.authority = server.endpoint.host + ":" + std::to_string(server.endpoint.port);
  }
  if (traced != nullptr) {
    head.headers.Set(kTraceHeader,
                     FormatUberTraceId({traced->trace_id, traced->forward_span_id, traced->flags},
                                       traced->entry_span_id));
  }
  return head;
}

net::Task<int> Proxy::Forward(net::Exchange& exchange, const Route& route,
                              const TracedRequest* traced) {
  Service& service = *route.service;
  const auto& servers = service.config.servers;
  if (servers.empty()) co_return co_await ReplyError(exchange, 503, "no available server\n");
  const net::Url& server =
      servers[service.next.fetch_add(1, std::memory_order_relaxed) % servers.size()];

  const auto first = co_await exchange.ReadBody();
  if (!first.ok()) {
    const base::ErrorCode code = first.error().code;
    co_return co_await ReplyError(
        exchange, code == base::ErrorCode::kDeadlineExceeded ? 408 : StatusOf(code));
  }
  net::RequestHead head = UpstreamHead(exchange, server, service.config.pass_host_header, traced);
  const auto deadline = net::CoarseNow() + options_.upstream_timeout;
  auto opened =
      co_await LaneOf(exchange.loop())
          .client->Open(server.endpoint, std::move(head), !first.value().empty(), deadline);
  if (!opened.ok()) co_return co_await ReplyError(exchange, StatusOf(opened.error().code));
  net::ClientExchange& upstream = *opened.value();
  if (!first.value().empty() && !co_await SendBody(exchange, upstream, first.value())) {
    co_return kClientClosed;
  }
  auto response = co_await upstream.ReadHead();
  if (!response.ok()) co_return co_await ReplyError(exchange, StatusOf(response.error().code));
  const int status = response.value().status;
  RemoveHopByHop(response.value().headers);
  co_return co_await RelayResponse(exchange, upstream, std::move(response).value()) ? status
                                                                                    : kClientClosed;
}

}  // namespace clew::edge
