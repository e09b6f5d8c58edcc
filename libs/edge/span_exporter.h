// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "edge/traced_request.h"
#include "net/http_client.h"

namespace clew::edge {

// Sends traced requests as Jaeger thrift over HTTP, in batches, from a thread of
// its own. A collector that is slow or gone costs spans, never requests: what
// does not fit the queue or cannot be sent is dropped and counted. Thread-safe.
class SpanExporter {
 public:
  SpanExporter(net::Url collector, std::string entry_point);
  ~SpanExporter();  // Sends what is queued, for at most kShutdownTimeout.

  void Add(TracedRequest request);
  uint64_t dropped_requests() const { return dropped_.load(std::memory_order_relaxed); }

 private:
  void Run();
  net::Task<void> SendUntilStopped(net::EventLoop& loop);
  net::Task<void> Send(net::HttpClient& client, std::vector<TracedRequest> requests);
  std::deque<TracedRequest> TakeQueued();
  std::string Encode(const std::vector<TracedRequest>& requests) const;

  const net::Url collector_;
  const std::string entry_point_;
  const std::string host_name_;
  const std::string client_uuid_;
  std::mutex mutex_;
  std::deque<TracedRequest> queue_;  // guarded by mutex_
  std::atomic<bool> stopping_ = false;
  std::atomic<uint64_t> dropped_ = 0;
  std::thread thread_;
};

}  // namespace clew::edge
