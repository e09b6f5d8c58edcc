// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "access/access.h"
#include "base/log_fields.h"
#include "base/result.h"
#include "forward_flag.h"
#include "ingest/limits.h"
#include "ingest/tenant_rates.h"
#include "net/server.h"
#include "redact_flag.h"
#include "serve/query_limits.h"
#include "store/compaction.h"

namespace clew {

struct ServerPorts {
  uint16_t api = 3200;
  uint16_t ui = 3000;
  // Those of receivers may be off, which is nothing.
  std::optional<uint16_t> otlp_grpc = 4317;
  std::optional<uint16_t> otlp_http = 4318;
  std::optional<uint16_t> jaeger_thrift = 14268;
  std::optional<uint16_t> jaeger_grpc = 14250;
  std::optional<uint16_t> jaeger_sampling = 5778;
  std::optional<uint16_t> jaeger_compact = 6831;
  std::optional<uint16_t> jaeger_binary = 6832;
  std::optional<uint16_t> zipkin = 9411;
};

struct ServerOptions {
  std::string data = "clew-data";
  std::string address = "127.0.0.1";
  bool insecure_public = false;
  access::AccessOptions access;
  ServerPorts ports;
  std::string ports_file;  // empty: none
  net::TlsFiles tls;
  std::string sampling_strategies;  // a file, see ingest/sampling_file.h; empty: none
  uint64_t memory_limit_bytes = uint64_t{256} << 20;
  uint64_t memtable_bytes = uint64_t{64} << 20;
  std::chrono::nanoseconds retention{0};  // 0: for ever
  std::vector<std::string> keep;          // rules of what stays for longer, see keep_flag.h
  uint64_t max_disk_bytes = 0;            // 0: no limit
  size_t merge_from = store::CompactionLimits().fan_in;
  uint64_t body_limit_bytes = ingest::kBodyLimitBytes;
  uint64_t body_memory_bytes = net::kDefaultBodyBudgetBytes;
  size_t max_connections = 0;  // 0: as many as descriptors allow
  ingest::TenantLimits tenant;
  ingest::OwnLimits tenants;  // of those that have limits of their own
  RedactFlags redact;
  ForwardFlags forward;
  bool self_tracing = false;
  double self_tracing_ingest_share = 0.01;
  std::chrono::nanoseconds header_timeout{0};  // 0: the network's own
  std::chrono::nanoseconds shutdown_delay{0};
  serve::QueryLimits queries;
  unsigned threads = std::max(1u, std::thread::hardware_concurrency());
  bool quiet = false;
  bool verbose = false;
  base::LogFormat log_format = base::LogFormat::kText;
};

// Why a server with these options does not start, as far as that can be known before.
base::Status CheckServerOptions(const ServerOptions& options);

struct ServerConfig;

// Runs the server until the process is asked to end (SIGTERM, SIGINT), or until
// it cannot go on. The error is one sentence for the person who started it.
base::Status RunServer(const ServerConfig& config);

}  // namespace clew
