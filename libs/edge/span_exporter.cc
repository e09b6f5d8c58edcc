// SPDX-License-Identifier: Apache-2.0
#include "edge/span_exporter.h"

#include <unistd.h>

#include <algorithm>
#include <bit>
#include <iterator>
#include <random>
#include <utility>

#include "base/log.h"
#include "edge/limits.h"
#include "wire/jaeger_thrift_writer.h"

namespace clew::edge {
namespace {

std::string HostName() {
  char name[256] = "";
  gethostname(name, sizeof name - 1);
  return name;
}

std::string RandomHex() {
  std::random_device device;
  std::string text;
  for (int i = 0; i < 16; ++i) text.push_back("0123456789abcdef"[device() & 15]);
  return text;
}

// Moves the next requests of one export out of `taken`.
std::vector<TracedRequest> NextBatch(std::deque<TracedRequest>& taken) {
  const auto count = static_cast<std::ptrdiff_t>(std::min(taken.size(), kMaxRequestsPerExport));
  std::vector<TracedRequest> batch(std::make_move_iterator(taken.begin()),
                                   std::make_move_iterator(taken.begin() + count));
  taken.erase(taken.begin(), taken.begin() + count);
  return batch;
}

}  // namespace

SpanExporter::SpanExporter(net::Url collector, std::string entry_point)
    : collector_(std::move(collector)),
      entry_point_(std::move(entry_point)),
      host_name_(HostName()),
      client_uuid_(RandomHex()),
      thread_([this] { Run(); }) {}

SpanExporter::~SpanExporter() {
  stopping_.store(true, std::memory_order_release);
  thread_.join();
}

void SpanExporter::Add(TracedRequest request) {
  const std::lock_guard lock(mutex_);
  if (queue_.size() < kMaxQueuedRequests) {
    queue_.push_back(std::move(request));
  } else {
    dropped_.fetch_add(1, std::memory_order_relaxed);
  }
}

void SpanExporter::Run() {
  net::EventLoop loop;
  loop.Spawn(SendUntilStopped(loop));
  loop.Run();
}

net::Task<void> SpanExporter::SendUntilStopped(net::EventLoop& loop) {
  net::HttpClient client(loop);
  bool stopping = false;
  std::chrono::steady_clock::time_point give_up{};
  std::deque<TracedRequest> taken;
  while (true) {
    if (taken.empty()) taken = TakeQueued();
    if (!taken.empty()) {
      std::vector<TracedRequest> batch = NextBatch(taken);
      co_await Send(client, std::move(batch));
    } else if (stopping) {
      break;
    } else {
      co_await loop.SleepFor(kExportInterval);
    }
    if (!stopping && stopping_.load(std::memory_order_acquire)) {
      stopping = true;
      give_up = std::chrono::steady_clock::now() + kShutdownTimeout;
    }
    if (stopping && std::chrono::steady_clock::now() > give_up) break;
  }
  loop.Stop();
}

// All at once, so that the request path never waits for more than a swap.
std::deque<TracedRequest> SpanExporter::TakeQueued() {
  const std::lock_guard lock(mutex_);
  return std::exchange(queue_, {});
}

std::string SpanExporter::Encode(const std::vector<TracedRequest>& requests) const {
  wire::JaegerThriftWriter writer;
  writer.OnResource({});
  writer.OnAttribute("service.name", model::ValueView::String("traefik"));
  writer.OnAttribute("hostname", model::ValueView::String(host_name_));
  writer.OnAttribute("client-uuid", model::ValueView::String(client_uuid_));
  writer.OnAttribute("jaeger.version", model::ValueView::String("clew-edge"));
  writer.OnScope({});
  for (const TracedRequest& request : requests) WriteSpans(request, entry_point_, writer);
  return std::move(writer.Take().front());
}

net::Task<void> SpanExporter::Send(net::HttpClient& client, std::vector<TracedRequest> requests) {
  net::RequestHead head{
      .method = "POST",
      .target = collector_.path,
      .authority = collector_.endpoint.host + ":" + std::to_string(collector_.endpoint.port),
      .headers = {{"Content-Type", "application/x-thrift"}}};
  const auto deadline = std::chrono::steady_clock::now() + kExportTimeout;
  const std::string body = Encode(requests);
  const auto response = co_await client.Fetch(collector_.endpoint, std::move(head), body, deadline);
  if (response.ok() && response.value().head.status / 100 == 2) co_return;
  // The first failure and every doubling of the loss are worth a line, not each.
  const uint64_t before = dropped_.fetch_add(requests.size(), std::memory_order_relaxed);
  const uint64_t now = before + requests.size();
  if (before == 0 || std::bit_width(before) != std::bit_width(now)) {
    base::LogWarning("edge: " + std::to_string(now) + " traced requests were not delivered: " +
                     (response.ok()
                          ? "the collector answered " + std::to_string(response.value().head.status)
                          : response.error().message));
  }
}

}  // namespace clew::edge
