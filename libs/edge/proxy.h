// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "edge/config.h"
#include "edge/span_exporter.h"
#include "edge/traced_request.h"
#include "net/exchange.h"
#include "net/http_client.h"

namespace clew::edge {

struct ProxyOptions {
  std::string entry_point = "web";
  bool generate_128_bit_ids = false;
  std::chrono::milliseconds upstream_timeout{300'000};  // of a whole exchange
  // Who gets the spans; nullopt: nothing is traced and no header is added.
  std::optional<net::Url> collector{};
};

// The edge: finds the route of a request by its host, forwards it over pooled
// connections with bodies streamed both ways, and hands both spans to the exporter.
// One client pool and one exporter a loop; called on all of `loops` at once.
class Proxy final : public net::Handler {
 public:
  Proxy(const Config& config, ProxyOptions options, const std::vector<net::EventLoop*>& loops);
  net::Task<void> Handle(net::Exchange& exchange) override;

  // Sends the spans that wait. Blocks for at most kShutdownTimeout; the loops must be running.
  void FlushSpans();

 private:
  struct Service {
    ServiceConfig config;
    std::atomic<size_t> next{0};
  };
  struct Route {
    std::string router;
    std::string service_name;
    std::string forward_name;  // of the client span
    Service* service;
  };
  // What belongs to one loop.
  struct Lane {
    net::EventLoop* loop;
    std::unique_ptr<net::HttpClient> client;
    std::unique_ptr<SpanExporter> exporter;  // null: no tracing
  };

  const Route* FindRoute(const net::RequestHead& request) const;
  Lane& LaneOf(const net::EventLoop& loop);
  TracedRequest BeginTrace(const net::RequestHead& request) const;
  // The status that was answered; kClientClosed when the client did not get all of it.
  net::Task<int> Forward(net::Exchange& exchange, const Route& route, const TracedRequest* traced);
  net::RequestHead UpstreamHead(const net::Exchange& exchange, const net::Url& server,
                                bool pass_host_header, const TracedRequest* traced) const;

  const ProxyOptions options_;
  const std::string server_name_;
  std::vector<std::unique_ptr<Service>> services_;
  std::map<std::string, Route, std::less<>> routes_;  // by host
  std::vector<Lane> lanes_;
};

}  // namespace clew::edge
