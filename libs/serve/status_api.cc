// SPDX-License-Identifier: Apache-2.0
#include "serve/status_api.h"

#include <unistd.h>

#include <fstream>
#include <string>
#include <string_view>

#include "serve/query_status.h"

namespace clew::serve {
namespace {

// Resident bytes of this process, 0 where the system does not tell.
uint64_t ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  uint64_t size_pages = 0;
  uint64_t resident_pages = 0;
  if (!(statm >> size_pages >> resident_pages)) return 0;
  return resident_pages * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

// Lines of the Prometheus text format.
class MetricsText {
 public:
  void Counter(std::string_view name, std::string_view help, uint64_t value) {
    Add(name, help, "counter", value);
  }
  void Gauge(std::string_view name, std::string_view help, uint64_t value) {
    Add(name, help, "gauge", value);
  }
  std::string Take() { return std::move(text_); }

 private:
  void Add(std::string_view name, std::string_view help, std::string_view type, uint64_t value) {
    text_.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ");
    text_.append(name).append(" ").append(type).append("\n");
    text_.append(name).append(" ").append(std::to_string(value)).append("\n");
  }

  std::string text_;
};

void AddIngestMetrics(MetricsText& text, const ingest::Ingestor::Counters& counters) {
  text.Counter("clew_ingest_requests_total", "Bodies that clients sent.", counters.requests);
  text.Counter("clew_ingest_refused_requests_total", "Bodies of which nothing was stored.",
               counters.refused_requests);
  text.Counter("clew_ingest_duplicate_requests_total",
               "Bodies acknowledged again because they were stored before.",
               counters.duplicate_requests);
  text.Counter("clew_ingest_received_bytes_total", "Bytes of bodies as received.",
               counters.received_bytes);
  text.Counter("clew_ingest_accepted_spans_total", "Spans stored.", counters.accepted_spans);
  text.Counter("clew_ingest_rejected_spans_total", "Spans left out of a body that was stored.",
               counters.rejected_spans);
  text.Counter("clew_ingest_dropped_datagrams_total",
               "Datagrams that came faster than they could be stored.", counters.dropped_datagrams);
}

void AddStoreMetrics(MetricsText& text, const store::TraceStore::Counters& counters) {
  text.Counter("clew_wal_records_total", "Records of the log.", counters.records);
  text.Gauge("clew_store_spans", "Spans that queries see.", counters.spans);
  text.Counter("clew_store_duplicates_total", "Bodies that the store had already.",
               counters.duplicates);
  text.Gauge("clew_store_memory_bytes", "Memory of all memtables.", counters.memory_bytes);
  text.Gauge("clew_wal_bytes", "Bytes of the write-ahead log.", counters.wal_bytes);
  text.Gauge("clew_store_blocks", "Blocks that queries see.", counters.blocks);
  text.Gauge("clew_store_block_bytes", "Bytes of the blocks that queries see.",
             counters.block_bytes);
  text.Counter("clew_store_flushed_block_bytes_total", "Bytes of blocks written from memtables.",
               counters.flushed_bytes);
  text.Counter("clew_store_merged_block_bytes_total", "Bytes of blocks written from other blocks.",
               counters.merged_bytes);
  text.Gauge("clew_store_unmerged_blocks",
             "Blocks of one tenant that wait to be merged, of the tenant that has the most.",
             counters.unmerged_blocks);
  text.Counter("clew_store_flushes_total", "Memtables that became blocks.", counters.flushes);
  text.Counter("clew_store_failed_flushes_total", "Attempts to write a block that failed.",
               counters.failed_flushes);
  text.Counter("clew_store_merges_total", "Merges of blocks.", counters.merges);
  text.Counter("clew_store_dropped_blocks_total", "Blocks past the retention.",
               counters.dropped_blocks);
  text.Counter("clew_store_kept_spans_total", "Spans past the retention that a rule keeps.",
               counters.kept_spans);
  text.Gauge("clew_store_damaged_blocks", "Blocks in no merge because they cannot be read whole.",
             counters.damaged_blocks);
  text.Counter("clew_store_deleted_spans_total", "Spans deleted on request.",
               counters.deleted_spans);
  text.Counter("clew_wal_syncs_total", "Calls of fdatasync.", counters.syncs);
  text.Counter("clew_wal_damaged_records_total", "Damaged records found in the log.",
               counters.damaged_records);
}

void AddQueryMetrics(MetricsText& text, const Queries& queries) {
  const QueryLog::Remembered remembered = queries.log().remembered();
  text.Counter("clew_queries_total", "Queries that were answered.", remembered.queries);
  text.Counter("clew_slow_queries_total", "Queries that took longer than what is slow.",
               remembered.slow_queries);
  text.Counter("clew_failed_queries_total", "Queries whose answer was an error of the server.",
               remembered.failed_queries);
  text.Gauge("clew_running_queries", "Queries that run now.", queries.running());
}

void AddNetworkMetrics(MetricsText& text, const StatusSources& sources) {
  if (sources.bodies != nullptr) {
    const net::BodyBudget::Counters bodies = sources.bodies->counters();
    text.Gauge("clew_held_body_bytes", "Request bodies in memory.", bodies.held_bytes);
    text.Counter("clew_refused_bodies_total", "Bodies for which there was no memory.",
                 bodies.refused_bodies);
    text.Counter("clew_given_way_bodies_total",
                 "Bodies of slow clients that were given up for want of memory.",
                 bodies.given_way_bodies);
  }
  if (sources.connections != nullptr) {
    const net::ConnectionLimit::Counters connections = sources.connections->counters();
    text.Gauge("clew_connections", "Open connections.", connections.open);
    text.Counter("clew_refused_connections_total", "Connections over the limit.",
                 connections.refused);
  }
}

ApiReply Ready(const Readiness& readiness) {
  return TextReply(readiness.is_ready() ? 200 : 503, readiness.Describe() + "\n");
}

ApiReply Metrics(const StatusSources& sources) {
  MetricsText text;
  AddIngestMetrics(text, sources.ingestor.counters());
  AddStoreMetrics(text, sources.store.counters());
  AddQueryMetrics(text, sources.queries);
  AddNetworkMetrics(text, sources);
  text.Gauge("clew_ready", "1 when the server may be asked.", sources.readiness.is_ready());
  text.Gauge("process_resident_memory_bytes", "Resident memory of this process.", ResidentBytes());
  return {.status = 200,
          .content_type = "text/plain; version=0.0.4; charset=utf-8",
          .body = text.Take()};
}

// Front ends switch features on by the version they read here, so it is that of
// the Tempo API this server speaks; our own is in the revision.
ApiReply BuildInfo(const std::string& version) {
  return {.body = R"({"version":"3.0.0","revision":"clew-)" + version +
                  R"(","branch":"","buildDate":"","buildUser":"","goVersion":""})"};
}

// Everything that was acknowledged becomes blocks before the answer.
ApiReply Flush(const StatusSources& sources) {
  if (!sources.readiness.is_ready()) return TextReply(503, sources.readiness.Describe() + "\n");
  const base::Status flushed = sources.store.Flush();
  if (!flushed.ok()) return TextReply(500, flushed.error().message + "\n");
  return {.status = 204, .content_type = {}, .body = {}};
}

}  // namespace

void AddStatusApi(Router& router, const StatusSources& sources) {
  router.Add("GET", "/api/echo", RunsOn::kLoop,
             [](const ApiRequest&) { return TextReply(200, "echo\n"); });
  router.Add("GET", "/ready", RunsOn::kLoop,
             [sources](const ApiRequest&) { return Ready(sources.readiness); });
  router.Add("GET", "/status", RunsOn::kLoop, [sources](const ApiRequest& request) {
    return TextReply(200, StatusText(sources.queries, request, sources.readiness, sources.version));
  });
  router.Add("GET", "/api/clew/v1/queries", RunsOn::kLoop, [sources](const ApiRequest& request) {
    return ApiReply{.body = QueriesJson(sources.queries, request)};
  });
  router.Add("GET", "/metrics", RunsOn::kLoop,
             [sources](const ApiRequest&) { return Metrics(sources); });
  for (const char* method : {"GET", "POST"}) {  // Tempo takes both
    router.Add(method, "/flush", RunsOn::kWorker,
               [sources](const ApiRequest&) { return Flush(sources); });
  }
  router.Add("GET", "/api/status/buildinfo", RunsOn::kLoop,
             [sources](const ApiRequest&) { return BuildInfo(sources.version); });
}

}  // namespace clew::serve
