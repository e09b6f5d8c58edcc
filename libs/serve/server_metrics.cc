// SPDX-License-Identifier: Apache-2.0
#include "serve/server_metrics.h"

#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "base/metrics_text.h"
#include "serve/process_metrics.h"

namespace clew::serve {
namespace {

using base::MetricsText;

using ingest::IngestCounters;
using ingest::Receiver;

double Seconds(uint64_t nanos) {
  return static_cast<double>(nanos) / 1e9;
}

// --- What comes in ---

using PerReceiver = std::array<IngestCounters::Counts, ingest::kReceivers>;

void AddReceivers(MetricsText& text, const PerReceiver& receivers) {
  struct Family {
    const char *name, *help;
    uint64_t IngestCounters::Counts::* count;
  };
  constexpr Family kFamilies[] = {
      {"clew_ingest_requests_total", "Bodies that clients sent.",
       &IngestCounters::Counts::requests},
      {"clew_ingest_received_bytes_total", "Bytes of bodies as received.",
       &IngestCounters::Counts::received_bytes},
      {"clew_ingest_accepted_spans_total", "Spans stored.",
       &IngestCounters::Counts::accepted_spans},
      {"clew_ingest_duplicate_requests_total",
       "Bodies acknowledged again because they were stored before.",
       &IngestCounters::Counts::duplicate_requests},
  };
  for (const Family& family : kFamilies) {
    text.BeginCounter(family.name, family.help);
    for (size_t i = 0; i < receivers.size(); ++i) {
      text.Sample({{"receiver", NameOf(static_cast<Receiver>(i))}}, receivers[i].*family.count);
    }
  }
  text.BeginCounter("clew_ingest_dropped_datagrams_total",
                    "Datagrams that came faster than they could be stored.");
  for (const Receiver receiver : {Receiver::kJaegerCompact, Receiver::kJaegerBinary}) {
    text.Sample({{"receiver", NameOf(receiver)}},
                receivers[static_cast<size_t>(receiver)].dropped_datagrams);
  }
}

void AddRefusals(MetricsText& text, const PerReceiver& receivers) {
  text.BeginCounter("clew_ingest_refused_requests_total",
                    "Bodies of which nothing was stored, by the reason.");
  for (size_t i = 0; i < receivers.size(); ++i) {
    for (size_t reason = 0; reason < ingest::kRefusals; ++reason) {
      text.Sample({{"receiver", NameOf(static_cast<Receiver>(i))},
                   {"reason", NameOf(static_cast<ingest::Refused>(reason))}},
                  receivers[i].refused[reason]);
    }
  }
  text.BeginCounter("clew_ingest_rejected_spans_total",
                    "Spans left out of a body that was stored, by the reason.");
  for (size_t reason = 0; reason < wire::kRejectReasons; ++reason) {
    uint64_t spans = 0;
    for (const IngestCounters::Counts& one : receivers) spans += one.rejected_spans[reason];
    text.Sample({{"reason", ingest::NameOf(static_cast<model::RejectReason>(reason))}}, spans);
  }
}

// What a request may know: its own tenant by name, or all where tenants are not told apart.
std::vector<IngestCounters::TenantCounts> ShownTenants(const IngestCounters& counters,
                                                       const std::string& asking) {
  std::vector<IngestCounters::TenantCounts> tenants = counters.tenants();
  if (asking.empty()) return tenants;
  IngestCounters::TenantCounts others{.tenant = std::string(IngestCounters::kOtherTenants)};
  std::vector<IngestCounters::TenantCounts> shown;
  for (IngestCounters::TenantCounts& one : tenants) {
    if (one.tenant == asking && asking != others.tenant) {
      shown.push_back(std::move(one));
      continue;
    }
    others.received_bytes += one.received_bytes;
    others.accepted_spans += one.accepted_spans;
    others.refused_requests += one.refused_requests;
  }
  shown.push_back(std::move(others));
  return shown;
}

void AddTenants(MetricsText& text, const std::vector<IngestCounters::TenantCounts>& tenants) {
  using Counts = IngestCounters::TenantCounts;
  const auto family = [&](const char* name, const char* help, uint64_t Counts::* count) {
    text.BeginCounter(name, help);
    for (const Counts& one : tenants) text.Sample({{"tenant", one.tenant}}, one.*count);
  };
  family("clew_tenant_received_bytes_total", "Bytes of bodies as received, by tenant.",
         &Counts::received_bytes);
  family("clew_tenant_accepted_spans_total", "Spans stored, by tenant.", &Counts::accepted_spans);
  family("clew_tenant_refused_requests_total", "Bodies of which nothing was stored, by tenant.",
         &Counts::refused_requests);
}

void AddIngest(MetricsText& text, const IngestCounters& counters, const std::string& asking) {
  PerReceiver receivers;
  for (size_t i = 0; i < receivers.size(); ++i) {
    receivers[i] = counters.counts(static_cast<Receiver>(i));
  }
  AddReceivers(text, receivers);
  AddRefusals(text, receivers);
  AddTenants(text, ShownTenants(counters, asking));
  text.BeginHistogram("clew_ingest_duration_seconds",
                      "From all of a body to its acknowledgement, which is durable.");
  text.Sample({}, counters.durations());
}

// --- The store ---

void AddLog(MetricsText& text, const store::TraceStore::Counters& counters,
            std::string_view pinned_by) {
  text.Counter("clew_wal_records_total", "Records of the log.", counters.records);
  text.Counter("clew_wal_written_bytes_total", "Bytes written to the log.", counters.wal_bytes);
  text.Counter("clew_wal_syncs_total", "Calls of fdatasync.", counters.syncs);
  text.Counter("clew_wal_sync_seconds_total", "Time spent in them.", Seconds(counters.sync_ns));
  text.Counter("clew_wal_damaged_records_total", "Damaged records found in the log.",
               counters.damaged_records);
  text.BeginGauge("clew_wal_pinned_bytes",
                  "Log from the first record that is in no block on, and whose that record is.");
  if (pinned_by.empty()) {
    text.Sample({{"tenant", ""}}, uint64_t{0});
  } else {
    text.Sample({{"tenant", pinned_by}}, counters.wal_pinned_bytes);
  }
}

void AddMemory(MetricsText& text, const store::TraceStore::Counters& counters) {
  text.Gauge("clew_store_spans", "Spans that queries see.", counters.spans);
  text.Counter("clew_store_duplicates_total", "Bodies that the store had already.",
               counters.duplicates);
  text.Counter("clew_store_repaired_strings_total",
               "Strings that were not UTF-8 and were repaired.", counters.repaired_strings);
  text.Gauge("clew_store_memory_bytes", "Memory of all memtables.", counters.memory_bytes);
  text.BeginGauge("clew_store_memtables", "Memtables that hold something.");
  text.Sample({{"state", "open"}}, counters.open_memtables);
  text.Sample({{"state", "sealed"}}, counters.sealed_memtables);
  text.Counter("clew_store_flushes_total", "Memtables that became blocks.", counters.flushes);
  text.Counter("clew_store_failed_flushes_total", "Attempts to write a block that failed.",
               counters.failed_flushes);
  text.Counter("clew_store_flush_seconds_total", "Time spent writing memtables as blocks.",
               Seconds(counters.flush_ns));
  text.Counter("clew_store_flushed_block_bytes_total", "Bytes of blocks written from memtables.",
               counters.flushed_bytes);
}

void AddBlocks(MetricsText& text, const store::TraceStore::Counters& counters) {
  text.Gauge("clew_store_blocks", "Blocks that queries see.", counters.blocks);
  text.Gauge("clew_store_block_bytes", "Bytes of the blocks that queries see.",
             counters.block_bytes);
  text.Gauge("clew_store_unmerged_blocks",
             "Blocks of one tenant that wait to be merged, of the tenant that has the most.",
             counters.unmerged_blocks);
  text.Gauge("clew_store_compaction_debt_blocks", "Blocks of all tenants that wait to be merged.",
             counters.all_unmerged_blocks);
  text.Counter("clew_store_merges_total", "Merges of blocks.", counters.merges);
  text.Counter("clew_store_merge_seconds_total", "Time spent merging blocks.",
               Seconds(counters.merge_ns));
  text.Counter("clew_store_merged_block_bytes_total", "Bytes of blocks written from other blocks.",
               counters.merged_bytes);
  text.Counter("clew_store_merged_trace_parts_total",
               "Traces of the blocks that were merged, counted in each of them.",
               counters.merged_trace_parts);
  text.Counter("clew_store_merged_traces_total",
               "Traces of the blocks that merges made: the share of parts that merges joined is 1 "
               "less this by the parts.",
               counters.merged_traces);
  text.Gauge("clew_store_damaged_blocks", "Blocks in no merge because they cannot be read whole.",
             counters.damaged_blocks);
  text.Counter("clew_store_dropped_blocks_total", "Blocks past the retention.",
               counters.dropped_blocks);
  text.Counter("clew_store_kept_spans_total", "Spans past the retention that a rule keeps.",
               counters.kept_spans);
  text.Counter("clew_store_deleted_spans_total", "Spans deleted on request.",
               counters.deleted_spans);
  text.Counter("clew_cache_hits_total", "Pages of blocks that were in the cache.",
               counters.cache_hits);
  text.Counter("clew_cache_misses_total", "Pages of blocks that had to be read.",
               counters.cache_misses);
  text.Gauge("clew_cache_bytes", "What the cache of pages holds.", counters.cache_bytes);
}

std::string_view PinnedBy(const store::TraceStore::Counters& counters,
                          const IngestCounters& counted, const std::string& asking) {
  const std::string& tenant = counters.wal_pinned_by;
  if (tenant.empty()) return {};
  const bool may_know = asking.empty() || asking == tenant;
  return may_know ? counted.LabelOf(tenant) : IngestCounters::kOtherTenants;
}

// --- What is asked ---

void AddCalls(MetricsText& text, const QueryLog::Totals& totals) {
  using OfCall = QueryLog::OfCall;
  struct Outcome {
    const char* name;
    uint64_t OfCall::* count;
  };
  constexpr Outcome kOutcomes[] = {{"answered", &OfCall::answered},
                                   {"refused", &OfCall::refused},
                                   {"cancelled", &OfCall::cancelled},
                                   {"failed", &OfCall::failed}};
  text.BeginCounter("clew_queries_total",
                    "Queries that ended: answered, refused as wrong or over a limit, cancelled by "
                    "their client, failed by fault of the server.");
  for (const auto& [call, of] : totals.calls) {
    for (const Outcome& outcome : kOutcomes) {
      text.Sample({{"call", call}, {"outcome", outcome.name}}, of.*outcome.count);
    }
  }
  text.BeginHistogram("clew_query_duration_seconds", "What queries took, without their waiting.");
  for (const auto& [call, of] : totals.calls) text.Sample({{"call", call}}, of.durations);
}

void AddQueries(MetricsText& text, const Queries& queries) {
  const QueryLog::Totals totals = queries.log().totals();
  AddCalls(text, totals);
  const QueryLog::Remembered remembered = queries.log().remembered();
  text.Counter("clew_slow_queries_total", "Queries that took longer than what is slow.",
               remembered.slow_queries);
  text.Counter("clew_failed_queries_total", "Queries whose answer was an error of the server.",
               remembered.failed_queries);
  text.Gauge("clew_running_queries", "Queries that run now.", uint64_t{queries.running()});
  text.Counter("clew_query_read_bytes_total",
               "Column chunks that queries asked for as they are stored, in the cache or not.",
               totals.counters.bytes);
  text.Counter("clew_query_rows_total", "Rows that were asked for a condition.",
               totals.counters.rows);
  text.Counter("clew_query_traces_total", "Traces that queries looked at as a whole.",
               totals.counters.traces);
  text.Counter("clew_query_assembled_traces_total",
               "Of these, the ones that were brought together from several places.",
               totals.counters.assembled_traces);
}

// --- Connections ---

void AddConnections(MetricsText& text, const net::NamedPortCounters::ByName& ports) {
  struct Family {
    const char *name, *help;
    base::Counter net::PortCounters::* count;
  };
  text.BeginGauge("clew_connections_open", "Open connections by port.");
  for (const auto& [port, of] : ports) text.Sample({{"port", port}}, of->open.value());
  constexpr Family kFamilies[] = {
      {"clew_connections_accepted_total", "Connections that were accepted.",
       &net::PortCounters::accepted},
      {"clew_connections_refused_total", "Connections closed at once because there were too many.",
       &net::PortCounters::over_limit},
      {"clew_connections_failed_accepts_total",
       "Times that a connection could not be accepted, as without file descriptors.",
       &net::PortCounters::failed_accepts},
      {"clew_tls_handshakes_total", "TLS handshakes that came to an end.",
       &net::PortCounters::tls_handshakes},
      {"clew_tls_failed_handshakes_total", "TLS handshakes that failed.",
       &net::PortCounters::failed_tls_handshakes},
  };
  for (const Family& family : kFamilies) {
    text.BeginCounter(family.name, family.help);
    for (const auto& [port, of] : ports) {
      text.Sample({{"port", port}}, ((*of).*family.count).value());
    }
  }
  text.BeginCounter("clew_connections_ended_total",
                    "Connections that the server ended to protect itself, by reason.");
  for (const auto& [port, of] : ports) {
    for (const net::EndReason reason : net::kEndReasons) {
      text.Sample({{"port", port}, {"reason", NameOf(reason)}}, of->ended.count(reason));
    }
  }
}

void AddBodies(MetricsText& text, const net::BodyBudget::Counters& bodies) {
  text.Gauge("clew_held_body_bytes", "Request bodies in memory.", bodies.held_bytes);
  text.Counter("clew_refused_bodies_total", "Bodies for which there was no memory.",
               bodies.refused_bodies);
  text.Counter("clew_given_way_bodies_total",
               "Bodies of slow clients that were given up for want of memory.",
               bodies.given_way_bodies);
}

void AddForwarding(MetricsText& text, const ingest::Forwarder::Counters& counters) {
  text.Counter("clew_forward_sent_spans_total", "Spans that the destination acknowledged.",
               counters.sent);
  text.Counter("clew_forward_failed_spans_total",
               "Spans that it refused, or could not be sent for too long.", counters.failed);
  text.Counter("clew_forward_dropped_spans_total",
               "Spans not forwarded because too many waited already.", counters.dropped);
  text.Gauge("clew_forward_queue_bytes", "Bytes of bodies that wait to be forwarded.",
             counters.queued_bytes);
}

void AddOwnSpans(MetricsText& text, const model::Tracer::Counters& counters) {
  text.Counter("clew_self_tracing_stored_spans_total", "Spans of the server's own work stored.",
               counters.stored);
  text.Counter("clew_self_tracing_dropped_spans_total",
               "Spans of its own work not stored: too many waited already, or they were refused.",
               counters.dropped);
}

}  // namespace

std::string ServerMetrics(const StatusSources& sources, const ApiRequest& request) {
  MetricsText text;
  const IngestCounters& counted = sources.ingestor.counted();
  const store::TraceStore::Counters stored = sources.store.counters();
  const net::NamedPortCounters::ByName ports = sources.connections.all();
  AddIngest(text, counted, request.tenant);
  if (sources.forwarder != nullptr) AddForwarding(text, sources.forwarder->counters());
  if (sources.tracer != nullptr) AddOwnSpans(text, sources.tracer->counters());
  AddLog(text, stored, PinnedBy(stored, counted, request.tenant));
  AddMemory(text, stored);
  AddBlocks(text, stored);
  AddQueries(text, sources.queries);
  AddConnections(text, ports);
  if (sources.bodies != nullptr) AddBodies(text, sources.bodies->counters());
  text.BeginGauge("clew_build_info", "Always 1; its label is the version.");
  text.Sample({{"version", sources.version}}, uint64_t{1});
  text.Gauge("clew_ready", "Whether the server may be asked, 1 or 0.",
             uint64_t{sources.readiness.is_ready()});
  AddDiskMetrics(text, sources.data_directory);
  AddProcessMetrics(text);
  return text.Take();
}

}  // namespace clew::serve
