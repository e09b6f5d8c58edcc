// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
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
};

// The edge: finds the route of a request by its host, forwards it over pooled
// connections with bodies streamed both ways, and notes both spans for export.
// One client pool a loop; called on all of `loops` at once.
class Proxy final : public net::Handler {
 public:
  // `exporter` may be null: then nothing is traced and no header is added.
  Proxy(const Config& config, ProxyOptions options, const std::vector<net::EventLoop*>& loops,
        SpanExporter* exporter);
  net::Task<void> Handle(net::Exchange& exchange) override;

 private:
  struct Service {
    ServiceConfig config;
    std::atomic<size_t> next{0};
  };
  struct Route {
    std::string router;
    std::string service_name;
    Service* service;
  };

  const Route* FindRoute(const net::RequestHead& request) const;
  net::Task<int> Forward(net::Exchange& exchange, const Route& route, TracedRequest* traced);
  net::Task<int> ForwardUntraced(net::Exchange& exchange, const Route& route,
                                 const TracedRequest* traced);
  net::RequestHead UpstreamHead(const net::Exchange& exchange, const net::Url& server,
                                bool pass_host_header, const TracedRequest* traced) const;

  const ProxyOptions options_;
  SpanExporter* const exporter_;
  const std::string server_name_;
  std::vector<std::unique_ptr<Service>> services_;
  std::map<std::string, Route, std::less<>> routes_;  // by host
  std::unordered_map<net::EventLoop*, std::unique_ptr<net::HttpClient>> clients_;
};

}  // namespace clew::edge
