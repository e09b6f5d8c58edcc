// SPDX-License-Identifier: Apache-2.0
#include "edge/proxy.h"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <random>
#include <utility>

#include "base/clock.h"
#include "edge/forwarded_headers.h"
#include "edge/trace_context.h"

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

std::string HostName() {
  char name[256] = "";
  gethostname(name, sizeof name - 1);
  return name;
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
    if (!piece.value().empty()) (void)co_await upstream.ReadBody();  // The end: back to the pool.
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
  net::Headers trailers = WithoutHopByHop(upstream.response_trailers());
  sent = co_await exchange.Finish(std::move(trailers));
  co_return sent.ok();
}

}  // namespace

Proxy::Proxy(const Config& config, ProxyOptions options, const std::vector<net::EventLoop*>& loops,
             SpanExporter* exporter)
    : options_(std::move(options)), exporter_(exporter), server_name_(HostName()) {
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
    for (const std::string& host : router.hosts) {
      routes_.try_emplace(
          host, Route{router.name + "@file", router.service + "@file", by_name.at(router.service)});
    }
  }
  for (net::EventLoop* loop : loops) clients_[loop] = std::make_unique<net::HttpClient>(*loop);
}

const Proxy::Route* Proxy::FindRoute(const net::RequestHead& request) const {
  const auto route = routes_.find(ToLower(WithoutPort(request.authority)));
  return route == routes_.end() ? nullptr : &route->second;
}

net::Task<void> Proxy::Handle(net::Exchange& exchange) {
  const net::RequestHead& request = exchange.request();
  const Route* route = FindRoute(request);
  TracedRequest traced;
  uint8_t flags = 1;
  if (exporter_ != nullptr) {
    const base::Clock& clock = base::Clock::System();
    traced.entry_start_ns = clock.UnixNanos();
    traced.entry_span_id = NewSpanId();
    const auto header = request.headers.Get(kTraceHeader);
    const auto inbound = header ? ParseUberTraceId(*header) : std::nullopt;
    if (inbound) {
      traced.trace_id = inbound->trace_id;
      traced.parent_span_id = inbound->span_id;
      flags = inbound->flags;
    } else {
      // As jaeger-client does: the root span's id is the low half of the trace id.
      std::ranges::copy(traced.entry_span_id.bytes, traced.trace_id.bytes.begin() + 8);
      if (options_.generate_128_bit_ids)
        StoreBigEndian(RandomNonZero(), traced.trace_id.bytes.data());
    }
    traced.method = request.method;
    traced.url = request.target;
    traced.host = request.authority;
    traced.flags = flags;
  }
  if (route == nullptr) {
    traced.status = co_await ReplyError(exchange, 404, "404 page not found\n");
  } else {
    traced.status = co_await Forward(exchange, *route, exporter_ != nullptr ? &traced : nullptr);
  }
  if (exporter_ == nullptr || (flags & 1) == 0) co_return;
  traced.entry_end_ns = base::Clock::System().UnixNanos();
  exporter_->Add(std::move(traced));
}

net::RequestHead Proxy::UpstreamHead(const net::Exchange& exchange, const net::Url& server,
                                     bool pass_host_header, const TracedRequest* traced) const {
  const net::RequestHead& request = exchange.request();
  net::RequestHead head{.method = request.method,
                        .target = request.target,
                        .authority = request.authority,
                        .headers = WithoutHopByHop(request.headers),
                        .content_length = request.content_length};
  head.headers.Remove("host");
  head.headers.Remove("expect");
  head.headers.Remove("content-length");
  if (!pass_host_header) {
    head.authority = server.endpoint.host + ":" + std::to_string(server.endpoint.port);
  }
  SetForwarded(exchange, server_name_, head.headers);
  if (traced != nullptr) {
    head.headers.Set(kTraceHeader,
                     FormatUberTraceId({traced->trace_id, traced->forward_span_id, traced->flags},
                                       traced->entry_span_id));
  }
  return head;
}

net::Task<int> Proxy::Forward(net::Exchange& exchange, const Route& route, TracedRequest* traced) {
  if (traced == nullptr) co_return co_await ForwardUntraced(exchange, route, nullptr);
  traced->router = route.router;
  traced->service = route.service_name;
  traced->forward_span_id = NewSpanId();
  traced->forward_start_ns = base::Clock::System().UnixNanos();
  traced->forward_status = co_await ForwardUntraced(exchange, route, traced);
  traced->forward_end_ns = base::Clock::System().UnixNanos();
  co_return traced->forward_status;
}

net::Task<int> Proxy::ForwardUntraced(net::Exchange& exchange, const Route& route,
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
  const auto deadline = std::chrono::steady_clock::now() + options_.upstream_timeout;
  auto opened = co_await clients_.at(&exchange.loop())
                    ->Open(server.endpoint, std::move(head), !first.value().empty(), deadline);
  if (!opened.ok()) co_return co_await ReplyError(exchange, StatusOf(opened.error().code));
  net::ClientExchange& upstream = *opened.value();
  if (!first.value().empty() && !co_await SendBody(exchange, upstream, first.value())) {
    co_return kClientClosed;
  }
  auto response = co_await upstream.ReadHead();
  if (!response.ok()) co_return co_await ReplyError(exchange, StatusOf(response.error().code));
  const int status = response.value().status;
  response.value().headers = WithoutHopByHop(response.value().headers);
  co_return co_await RelayResponse(exchange, upstream, std::move(response).value()) ? status
                                                                                    : kClientClosed;
}

}  // namespace clew::edge
