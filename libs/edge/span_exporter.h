// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "edge/traced_request.h"
#include "net/event_loop.h"
#include "net/http_client.h"
#include "wire/jaeger_thrift_writer.h"

namespace clew::edge {

// Sends the traced requests of one loop as Jaeger thrift over HTTP, in batches.
// A request is encoded when it is done and its answer has gone out; that is less
// work than to keep it for another thread, and no thread competes with the loop
// for its core. A collector that is slow or gone costs spans, never requests:
// what does not fit the queue or cannot be sent is dropped and counted.
// Used on its loop's thread only; tasks on the loop refer to it until the loop ends.
class SpanExporter {
 public:
  SpanExporter(net::EventLoop& loop, net::Url collector, std::string entry_point);

  void Add(const TracedRequest& request);
  // Sends what is left; ends when it is sent or lost.
  net::Task<void> Flush();
  uint64_t dropped_requests() const { return dropped_; }

 private:
  struct Batch {
    std::string body;
    uint64_t requests = 0;
  };

  void OpenBatch();
  void CloseBatch();
  net::Task<void> FlushLater();
  // Sends the queue to its end, unless another task is at it.
  net::Task<void> SendQueued();
  net::Task<void> Send(Batch batch);
  void Drop(uint64_t requests, const std::string& why);

  net::EventLoop& loop_;
  net::HttpClient client_;
  const net::Url collector_;
  const std::string entry_point_;
  const std::string host_name_;
  const std::string client_uuid_;

  std::optional<wire::JaegerThriftWriter> open_;  // the batch that still grows
  uint64_t open_requests_ = 0;
  bool flush_planned_ = false;
  bool sending_ = false;
  std::deque<Batch> queue_;
  uint64_t queued_bytes_ = 0;
  uint64_t dropped_ = 0;
};

}  // namespace clew::edge
