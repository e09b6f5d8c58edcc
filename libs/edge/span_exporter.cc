// SPDX-License-Identifier: Apache-2.0
#include "edge/span_exporter.h"

#include <bit>
#include <random>
#include <utility>

#include "base/host_name.h"
#include "base/log.h"
#include "edge/limits.h"

namespace clew::edge {
namespace {

std::string RandomHex() {
  std::random_device device;
  std::string text;
  for (int i = 0; i < 16; ++i) text.push_back("0123456789abcdef"[device() & 15]);
  return text;
}

}  // namespace

SpanExporter::SpanExporter(net::EventLoop& loop, net::Url collector, std::string entry_point)
    : loop_(loop),
      client_(loop),
      collector_(std::move(collector)),
      entry_point_(std::move(entry_point)),
      host_name_(base::HostName()),
      client_uuid_(RandomHex()) {}

void SpanExporter::OpenBatch() {
  wire::JaegerThriftWriter& writer = open_.emplace();
  writer.OnResource({});
  writer.OnAttribute("service.name", model::ValueView::String("traefik"));
  writer.OnAttribute("hostname", model::ValueView::String(host_name_));
  writer.OnAttribute("client-uuid", model::ValueView::String(client_uuid_));
  writer.OnAttribute("jaeger.version", model::ValueView::String("clew-edge"));
  writer.OnScope({});
}

void SpanExporter::Add(const TracedRequest& request) {
  if (!open_) OpenBatch();
  WriteSpans(request, entry_point_, *open_);
  if (++open_requests_ == kMaxRequestsPerExport) {
    CloseBatch();
    if (!sending_) loop_.Spawn(SendQueued());
  } else if (!std::exchange(flush_planned_, true)) {
    loop_.Spawn(FlushLater());
  }
}

void SpanExporter::CloseBatch() {
  if (!open_) return;
  Batch batch{std::move(open_->Take().front()), std::exchange(open_requests_, 0)};
  open_.reset();
  if (queued_bytes_ + batch.body.size() > kMaxQueuedBytes) {
    return Drop(batch.requests, "the collector is too slow");
  }
  queued_bytes_ += batch.body.size();
  queue_.push_back(std::move(batch));
}

net::Task<void> SpanExporter::FlushLater() {
  co_await loop_.SleepFor(kExportInterval);
  flush_planned_ = false;
  co_await Flush();
}

net::Task<void> SpanExporter::Flush() {
  CloseBatch();
  co_await SendQueued();
  while (sending_) co_await loop_.SleepFor(kFlushPoll);
}

net::Task<void> SpanExporter::SendQueued() {
  if (std::exchange(sending_, true)) co_return;
  while (!queue_.empty()) {
    Batch batch = std::move(queue_.front());
    queue_.pop_front();
    queued_bytes_ -= batch.body.size();
    co_await Send(std::move(batch));
  }
  sending_ = false;
}

net::Task<void> SpanExporter::Send(Batch batch) {
  net::RequestHead head{
      .method = "POST",
      .target = collector_.path,
      .authority = collector_.endpoint.host + ":" + std::to_string(collector_.endpoint.port),
      .headers = {{"Content-Type", "application/x-thrift"}}};
  const auto deadline = std::chrono::steady_clock::now() + kExportTimeout;
  const auto response =
      co_await client_.Fetch(collector_.endpoint, std::move(head), batch.body, deadline);
  if (!response.ok()) {
    Drop(batch.requests, response.error().message);
  } else if (response.value().head.status / 100 != 2) {
    Drop(batch.requests, "the collector answered " + std::to_string(response.value().head.status));
  }
}

void SpanExporter::Drop(uint64_t requests, const std::string& why) {
  const uint64_t before = dropped_;
  dropped_ += requests;
  // The first failure and every doubling of the loss are worth a line, not each.
  if (before != 0 && std::bit_width(before) == std::bit_width(dropped_)) return;
  base::LogWarning("edge: " + std::to_string(dropped_) +
                   " traced requests were not delivered: " + why);
}

}  // namespace clew::edge
