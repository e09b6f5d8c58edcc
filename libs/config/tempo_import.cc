// SPDX-License-Identifier: Apache-2.0
// What a key of Tempo's configuration is here, or why it is nothing. Most of it is two tables:
// keys whose values are taken as they are, and reasons for what has none, by the beginning of the
// path. What takes more than a table, addresses and receivers, comes before them.
#include "config/tempo_import.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "config/foreign_keys.h"
#include "config/tempo_tls.h"

namespace clew::config {
namespace {

// A value that is taken as it is. Of several for one setting the last one counts.
struct SameValue {
  std::string_view path;
  std::string_view key;
};
constexpr SameValue kSameValues[] = {
    {"multitenancy_enabled", "multitenancy"},
    {"server.http_listen_port", "port-api"},
    {"querier.search.query_timeout", "query-timeout"},
    {"query_frontend.api_timeout", "query-timeout"},
    {"backend_scheduler.provider.compaction.compaction.block_retention", "retention"},
    {"backend_worker.compaction.block_retention", "retention"},
    {"compactor.compaction.block_retention", "retention"},
    {"overrides.block_retention", "retention"},
    {"overrides.defaults.compaction.block_retention", "retention"},
    {"overrides.ingestion_rate_limit_bytes", "tenant-rate"},
    {"overrides.ingestion_burst_size_bytes", "tenant-burst"},
    {"overrides.defaults.ingestion.rate_limit_bytes", "tenant-rate"},
    {"overrides.defaults.ingestion.burst_size_bytes", "tenant-burst"},
};

// The same for one tenant.
constexpr SameValue kSameOfTenant[] = {
    {"ingestion_rate_limit_bytes", "rate"},
    {"ingestion_burst_size_bytes", "burst"},
    {"ingestion.rate_limit_bytes", "rate"},
    {"ingestion.burst_size_bytes", "burst"},
};

// What counts for all tenants that have no entry of their own, the entry "*" of the same file.
constexpr SameValue kSameOfOthers[] = {
    {"ingestion_rate_limit_bytes", "tenant-rate"},
    {"ingestion_burst_size_bytes", "tenant-burst"},
    {"ingestion.rate_limit_bytes", "tenant-rate"},
    {"ingestion.burst_size_bytes", "tenant-burst"},
    {"block_retention", "retention"},
    {"compaction.block_retention", "retention"},
};
constexpr std::string_view kOthers = "*";

struct Receiver {
  std::string_view path;
  std::string_view key;
};
constexpr Receiver kReceivers[] = {
    {"distributor.receivers.otlp.protocols.grpc", "port-otlp-grpc"},
    {"distributor.receivers.otlp.protocols.http", "port-otlp-http"},
    {"distributor.receivers.jaeger.protocols.thrift_http", "port-jaeger-thrift"},
    {"distributor.receivers.jaeger.protocols.grpc", "port-jaeger-grpc"},
    {"distributor.receivers.jaeger.protocols.thrift_compact", "port-jaeger-compact"},
    {"distributor.receivers.jaeger.protocols.thrift_binary", "port-jaeger-binary"},
    {"distributor.receivers.zipkin", "port-zipkin"},
};
// Those of a Tempo that is told nothing of receivers.
constexpr std::string_view kUsualReceivers[] = {"port-otlp-grpc", "port-jaeger-thrift",
                                                "port-jaeger-grpc"};

// Why something has no setting, the longest beginning first where there are several.
struct Reason {
  std::string_view path;
  std::string_view why;
};
constexpr std::string_view kOneProcess = "one process does all, there is nothing to connect";
constexpr std::string_view kNoBucket =
    "blocks are in the data directory of this machine, no bucket";
constexpr Reason kReasons[] = {
    {"backend_scheduler", kOneProcess},
    {"backend_worker", kOneProcess},
    {"block_builder", kOneProcess},
    {"cache", "the cache is in the server's memory, which --memory-limit does not count"},
    {"distributor.forwarders", "give forward the address of one receiver of OTLP"},
    {"distributor.receivers.kafka", "there is no receiver of Kafka"},
    {"distributor.receivers.opencensus", "there is no receiver of OpenCensus"},
    {"distributor.ring", kOneProcess},
    {"http_api_prefix", "paths have no prefix; a proxy in front can take one off"},
    {"ingest", "there is a log of its own in the data directory, no Kafka"},
    {"ingester", kOneProcess},
    {"live_store.wal", "the log is in the data directory"},
    {"live_store", "memory-limit and memtable-size say what is in memory"},
    {"memberlist", kOneProcess},
    {"metrics_generator", "numbers are computed from spans when they are asked for; none are sent"},
    {"overrides.defaults.forwarders", "forward sends the spans of all tenants"},
    {"overrides.defaults.metrics_generator",
     "numbers are computed from spans when they are asked for; none are sent"},
    {"overrides.per_tenant_override_config", "give the file by --overrides"},
    {"overrides.per_tenant_override_period", "a change of the file counts within a second"},
    {"querier.frontend_worker", kOneProcess},
    {"querier.max_concurrent_queries", "query-concurrency says how many queries run at a time"},
    {"query_frontend.max_outstanding_per_tenant", "query-queue says how many queries wait"},
    {"server.grpc_listen_address", "listen says it for all ports"},
    {"server.grpc_listen_port", "gRPC is served on port-api as well"},
    {"server.grpc_tls_config", "tls-cert and tls-key say it for all ports"},
    {"storage.trace.azure", kNoBucket},
    {"storage.trace.block", "blocks have one format"},
    {"storage.trace.gcs", kNoBucket},
    {"storage.trace.pool", "query-threads and query-concurrency say it"},
    {"storage.trace.s3", kNoBucket},
    {"storage.trace.wal", "the log is in the data directory"},
    {"stream_over_http_enabled", "not needed, answers are always streamed to who asks for it"},
    {"target", kOneProcess},
    {"usage_report", "not needed, nothing is reported to anybody"},
};

// 30_000_000 and 30e6 are numbers to Tempo.
std::string PlainNumber(const std::string& text) {
  std::string digits = text;
  std::erase(digits, '_');
  double number = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, problem] = std::from_chars(digits.data(), end, number);
  if (problem != std::errc() || stop != end || number < 0 || number > 1e18) return text;
  return number == std::floor(number) ? std::to_string(static_cast<uint64_t>(number)) : text;
}

// "0" and "0s": Tempo's own, or no limit.
bool IsNothing(std::string_view text) {
  return text.starts_with('0') && text.find_first_of("123456789") == std::string_view::npos;
}

struct Endpoint {
  std::string host;
  std::string port;
};

std::optional<Endpoint> ParseEndpoint(const std::string& text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos) return std::nullopt;
  Endpoint endpoint{.host = text.substr(0, colon), .port = text.substr(colon + 1)};
  if (endpoint.port.empty() || endpoint.port.size() > 5 ||
      endpoint.port.find_first_not_of("0123456789") != std::string::npos) {
    return std::nullopt;
  }
  if (endpoint.host.starts_with('[') && endpoint.host.ends_with(']')) {
    endpoint.host = endpoint.host.substr(1, endpoint.host.size() - 2);
  }
  return endpoint;
}

std::optional<uint64_t> ParseWhole(std::string_view text) {
  uint64_t number = 0;
  const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return number;
}

constexpr uint64_t kMiB = uint64_t{1} << 20;

// How large a message may be, as one key says it.
struct BodyLimit {
  uint64_t bytes;
  std::string path;
  const ForeignKeys::Value* value;
};

class Importer {
 public:
  explicit Importer(ForeignKeys keys) : keys_(std::move(keys)) {}

  TempoImport Import() {
    TakeLog();
    TakeStorage();
    TakeReceivers();
    TakeBodyLimit();
    TakeTls();
    TakeSameValues(kSameValues, "", "");
    TakeAddress();
    if (!settings_.contains({"", "retention"})) Set("retention", "336h", 0);  // Tempo's own
    return Finish();
  }

  TempoImport ImportOverrides() {
    TakeSameValues(kSameOfOthers, "overrides.*.", "");
    for (const std::string& tenant : Tenants()) {
      if (tenant == kOthers) continue;
      const std::string path = "overrides." + tenant + ".";
      TakeSameValues(kSameOfTenant, path, tenant);
    }
    return Finish();
  }

 private:
  void TakeLog() {
    if (const auto* const format = keys_.Take("server.log_format")) {
      // logfmt, which Tempo has of itself, is nearest to our text.
      if (format->text == "json") Set("log-format", "json", format->line);
    }
    const ForeignKeys::Value* const level = keys_.Take("server.log_level");
    if (level == nullptr) return;
    if (level->text == "debug") Set("verbose", "true", level->line);
    if (level->text == "warn" || level->text == "error") Set("quiet", "true", level->line);
  }

  // A folder of its own: blocks of Tempo may lie where this says.
  void TakeStorage() {
    if (const auto* const backend = keys_.Take("storage.trace.backend")) {
      if (backend->text != "local") Note("storage.trace.backend", *backend, kNoBucket);
    }
    if (const auto* const path = keys_.Take("storage.trace.local.path")) {
      Set("data", path->text + (path->text.ends_with('/') ? "clew" : "/clew"), path->line);
    }
  }

  void TakeReceivers() {
    const bool told = keys_.Has("distributor.receivers");
    for (const Receiver& receiver : kReceivers) {
      const bool usual =
          std::ranges::find(kUsualReceivers, receiver.key) != std::end(kUsualReceivers);
      if (told ? keys_.Has(receiver.path) : usual) {
        TakeEndpoint(receiver);
      } else {
        Set(std::string(receiver.key), "off", 0);
      }
      keys_.Use(receiver.path);
    }
    keys_.Use("distributor.receivers");
  }

  void TakeEndpoint(const Receiver& receiver) {
    const std::string path = std::string(receiver.path) + ".endpoint";
    const ForeignKeys::Value* const value = keys_.Take(path);
    if (value == nullptr) return;
    const std::optional<Endpoint> endpoint = ParseEndpoint(value->text);
    if (!endpoint) return Note(path, *value, "expected HOST:PORT, found '" + value->text + "'");
    Set(std::string(receiver.key), endpoint->port, value->line);
    AddHost(path, *value, endpoint->host);
  }

  // Tempo's gRPC server and each receiver have limits of their own, the first in bytes.
  void TakeBodyLimit() {
    std::vector<BodyLimit> limits;
    const auto take = [&](const std::string& path, uint64_t unit) {
      const ForeignKeys::Value* const value = keys_.Take(path);
      if (value == nullptr || IsNothing(value->text)) return;
      const std::optional<uint64_t> number = ParseWhole(PlainNumber(value->text));
      if (!number || *number > UINT64_MAX / kMiB) {
        return Note(path, *value, "expected a number, found '" + value->text + "'");
      }
      limits.push_back({*number * unit, path, value});
    };
    take("server.grpc_server_max_recv_msg_size", 1);
    for (const Receiver& receiver : kReceivers) {
      take(std::string(receiver.path) + ".max_recv_msg_size_mib", kMiB);
    }
    if (limits.empty()) return;
    const BodyLimit& largest = *std::ranges::max_element(limits, {}, &BodyLimit::bytes);
    const bool is_whole = largest.bytes % kMiB == 0;
    Set("body-limit",
        is_whole ? std::to_string(largest.bytes / kMiB) + "MiB" : std::to_string(largest.bytes),
        largest.value->line);
    for (const BodyLimit& limit : limits) {
      if (limit.bytes == largest.bytes) continue;
      Note(limit.path, *limit.value, "all receivers have one limit, the largest");
    }
  }

  // By UDP there is none.
  void TakeTls() {
    std::vector<std::string_view> paths;
    for (const Receiver& receiver : kReceivers) {
      const bool is_udp = receiver.path.ends_with("compact") || receiver.path.ends_with("binary");
      if (!is_udp) paths.push_back(receiver.path);
    }
    TempoTls tls = TakeTempoTls(keys_, paths);
    for (Setting& setting : tls.settings) {
      Set(setting.key, std::move(setting.values.front()), setting.line);
    }
    for (auto& [line, note] : tls.notes) notes_.emplace(line, std::move(note));
  }

  // All ports listen on one address: on that of all, or on all when there are several.
  void TakeAddress() {
    if (const auto* const value = keys_.Take("server.http_listen_address")) {
      AddHost("server.http_listen_address", *value, value->text);
    }
    if (hosts_.empty()) return;
    const auto& [host, line] = *hosts_.begin();
    if (hosts_.size() == 1) return Set("listen", host, line);
    Set("listen", "0.0.0.0", line);
    notes_.emplace(line, "all ports listen on one address, so it is 0.0.0.0");
  }

  void AddHost(const std::string& path, const ForeignKeys::Value& value, std::string host) {
    if (host.empty()) host = "0.0.0.0";
    if (host == "localhost") host = "127.0.0.1";
    if (host.find_first_not_of("0123456789.") == std::string::npos ||
        host.find(':') != std::string::npos) {
      hosts_.try_emplace(host, value.line);
    } else {
      Note(path, value, "listen takes an address, which '" + host + "' is not");
    }
  }

  void TakeSameValues(std::span<const SameValue> table, const std::string& above,
                      const std::string& tenant) {
    for (const SameValue& same : table) {
      const ForeignKeys::Value* const value = keys_.Take(above + std::string(same.path));
      if (value == nullptr || IsNothing(value->text)) continue;
      const bool is_number = same.key.ends_with("rate") || same.key.ends_with("burst");
      Set(std::string(same.key), is_number ? PlainNumber(value->text) : value->text, value->line,
          tenant);
    }
  }

  // The names below `overrides`, which may have dots in them, as they come before what is known.
  std::set<std::string> Tenants() const {
    std::set<std::string> tenants;
    for (const auto& [path, value] : keys_.values()) {
      for (const SameValue& same : kSameOfTenant) {
        const std::string end = "." + std::string(same.path);
        constexpr std::string_view kBegin = "overrides.";
        if (!path.starts_with(kBegin) || !path.ends_with(end)) continue;
        if (path.size() <= kBegin.size() + end.size()) continue;
        tenants.insert(path.substr(kBegin.size(), path.size() - kBegin.size() - end.size()));
      }
    }
    return tenants;
  }

  void Set(const std::string& key, std::string value, int line, const std::string& tenant = {}) {
    if (value.find("${") != std::string::npos) {
      notes_.emplace(line, key + ": variables are not replaced here; found '" + value + "'");
      return;
    }
    settings_[{tenant, key}] = {
        .key = key, .values = {std::move(value)}, .tenant = tenant, .line = line};
  }

  void Note(const std::string& path, const ForeignKeys::Value& value, std::string_view why) {
    notes_.emplace(value.line, path + ": " + std::string(why));
  }

  // One line for all that has one reason.
  void NoteUnused() {
    std::set<std::string_view> noted;
    for (const auto& [path, value] : keys_.values()) {
      if (value.used) continue;
      const Reason* const reason = ReasonOf(path);
      if (reason == nullptr) {
        Note(path, value, "there is no such setting");
      } else if (noted.insert(reason->path).second) {
        const std::string whole(reason->path);
        notes_.emplace(keys_.LineOf(whole), whole + ": " + std::string(reason->why));
      }
    }
  }

  static const Reason* ReasonOf(std::string_view path) {
    const Reason* longest = nullptr;
    for (const Reason& reason : kReasons) {
      const bool begins = path.starts_with(reason.path) &&
                          (path.size() == reason.path.size() || path[reason.path.size()] == '.');
      if (begins && (longest == nullptr || reason.path.size() > longest->path.size())) {
        longest = &reason;
      }
    }
    return longest;
  }

  TempoImport Finish() {
    NoteUnused();
    TempoImport import;
    for (auto& [key, setting] : settings_) import.settings.push_back(std::move(setting));
    for (const auto& [line, what] : notes_) {
      import.notes.push_back(keys_.name() + ":" + std::to_string(line) + ": " + what);
    }
    return import;
  }

  ForeignKeys keys_;
  std::map<std::pair<std::string, std::string>, Setting> settings_;  // by tenant and key
  std::map<std::string, int> hosts_;                                 // and where they are
  std::multimap<int, std::string> notes_;                            // by their lines
};

}  // namespace

base::Result<TempoImport> ImportTempo(std::string_view text, std::string_view name) {
  return Importer(TRY(ForeignKeys::Parse(text, name))).Import();
}

base::Result<TempoImport> ImportTempoOverrides(std::string_view text, std::string_view name) {
  return Importer(TRY(ForeignKeys::Parse(text, name))).ImportOverrides();
}

}  // namespace clew::config
