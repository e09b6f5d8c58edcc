// SPDX-License-Identifier: Apache-2.0
// The server, read from top to bottom: what a span meets on its way in, and what
// a query meets on its way out.
#include "server.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "access/guard.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/storage.h"
#include "debug_api.h"
#include "ingest/ingestor.h"
#include "ingest/sampling_file.h"
#include "keep_flag.h"
#include "limits_reload.h"
#include "listen_address.h"
#include "listeners.h"
#include "net/grpc.h"
#include "receiver_ports.h"
#include "self_tracing/self_tracing.h"
#include "serve/api_handler.h"
#include "serve/delete_api.h"
#include "serve/limits.h"
#include "serve/queries.h"
#include "serve/readiness.h"
#include "serve/saved_searches.h"
#include "serve/searches_api.h"
#include "serve/server_api.h"
#include "serve/status_api.h"
#include "serve/streaming/streaming_api.h"
#include "serve/tail/tail_handler.h"
#include "serve/tempo_api.h"
#include "server_config.h"
#include "service_notice.h"
#include "stop_signal.h"
#include "store/trace_store.h"

namespace clew {
namespace {

// How long running exchanges may take to finish once the process is to end.
constexpr std::chrono::seconds kDrainGrace{10};
// Answers cost less than what comes: they have a loop for so many of those that receive.
constexpr unsigned kThreadsOfAskingLoop = 4;
// How long what waits to be forwarded may then take.
constexpr std::chrono::seconds kForwardGrace{5};
// And before it what is to be stored of the server's own spans.
constexpr std::chrono::seconds kTracerGrace{5};

base::Status CheckAddress(const ServerOptions& options) {
  const std::string& address = options.address;
  const bool has_credentials = !options.access.credentials_file.empty();
  if (IsLoopback(address) || has_credentials || options.insecure_public) return {};
  return base::Error{base::ErrorCode::kInvalidArgument,
                     "listening on " + address +
                         " lets everyone who can reach it read and write traces; give "
                         "--credentials, or --insecure-public if that is meant"};
}

void WarnOf(const ServerConfig& config) {
  const ServerOptions& options = config.options;
  for (const std::string& variable : DoubtfulVariables(config.sources.environment)) {
    base::LogWarning(variable);
  }
  if (IsLoopback(options.address)) return;
  if (options.access.credentials_file.empty()) {
    base::LogWarning("everyone who can reach " + options.address +
                     " may read and write traces: there are no --credentials");
  } else if (options.tls.certificate_path.empty()) {
    base::LogWarning("credentials come over the network in plain text: give --tls-cert");
  }
}

// Datagrams cannot say whose they are.
ServerOptions PortsFor(const ServerOptions& options, const access::Access& access) {
  ServerOptions open = options;
  if (!access.tells_tenants_apart()) return open;
  if (options.ports.jaeger_compact || options.ports.jaeger_binary) {
    base::LogWarning("Jaeger's UDP ports stay closed: a datagram cannot say whose it is");
  }
  open.ports.jaeger_compact = open.ports.jaeger_binary = std::nullopt;
  return open;
}

// Own spans can be asked for where there is but one tenant, too.
base::Result<std::unique_ptr<access::Access>> OpenAccess(const ServerOptions& options) {
  access::AccessOptions who = options.access;
  if (options.self_tracing) who.other_tenant = self_tracing::kSelfTenant;
  std::unique_ptr<access::Access> access = TRY(access::Access::Open(std::move(who)));
  if (access->has_certificates() && options.tls.client_ca_path.empty()) {
    return base::Invalid(options.access.credentials_file +
                         " has certificates of clients, and nobody asks for them: "
                         "--tls-client-ca names who signs them");
  }
  return access;
}

std::unique_ptr<self_tracing::SelfTracing> MakeTracer(const ServerOptions& options) {
  if (!options.self_tracing) return nullptr;
  return std::make_unique<self_tracing::SelfTracing>(self_tracing::SelfTracingOptions{
      .version = CLEW_VERSION, .ingest_share = options.self_tracing_ingest_share});
}

base::Status CheckBodyMemory(const ServerOptions& options) {
  // A body, what it is inflated to, and room for others: what never fits would be sent for ever.
  if (options.body_memory_bytes / 4 >= options.body_limit_bytes) return {};
  return base::Error{base::ErrorCode::kInvalidArgument,
                     "--body-memory must be at least four times --body-limit: " +
                         std::to_string(options.body_memory_bytes) + " bytes"};
}

// How many connections all ports may have, of the descriptors that the process may have.
std::shared_ptr<net::ConnectionLimit> LimitConnections(size_t asked) {
  const uint64_t descriptors = net::RaiseDescriptorLimit();
  const size_t within = net::ConnectionsWithin(descriptors);
  const size_t most = asked == 0 ? within : std::min(asked, within);
  base::LogInfo("at most " + std::to_string(most) + " connections, with " +
                std::to_string(descriptors) + " file descriptors");
  return std::make_shared<net::ConnectionLimit>(most);
}

void PrintWhereThingsAre(const ServerOptions& options, const ServerPorts& ports) {
  if (options.quiet) return;
  const std::string scheme = options.tls.certificate_path.empty() ? "http" : "https";
  const std::string host = UrlHostOf(options.address);
  const auto line = [&](const char* what, uint16_t port, const char* path) {
    std::printf("  %-20s %s://%s:%d%s\n", what, scheme.c_str(), host.c_str(), port, path);
  };
  const auto udp_line = [&](const char* what, std::optional<uint16_t> port) {
    if (port) std::printf("  %-20s udp://%s:%d\n", what, host.c_str(), *port);
  };
  std::printf("clew %s, data in %s\n", CLEW_VERSION, options.data.c_str());
  line("web UI", ports.ui, "/");
  line("query API", ports.api, "/api/search");
  if (ports.otlp_grpc) line("OTLP gRPC", *ports.otlp_grpc, "");
  if (ports.otlp_http) line("OTLP HTTP", *ports.otlp_http, "/v1/traces");
  if (ports.jaeger_thrift) line("Jaeger thrift HTTP", *ports.jaeger_thrift, "/api/traces");
  if (ports.jaeger_grpc) line("Jaeger gRPC", *ports.jaeger_grpc, "");
  if (ports.jaeger_sampling) line("Jaeger sampling", *ports.jaeger_sampling, "/sampling");
  udp_line("Jaeger compact", ports.jaeger_compact);
  udp_line("Jaeger binary", ports.jaeger_binary);
  if (ports.zipkin) line("Zipkin", *ports.zipkin, "/api/v2/spans");
  std::fflush(stdout);
}

// What is asked besides Tempo's questions: deletion, searches with a name, what arrives, and
// where the server listens.
class OwnApi {
 public:
  // All outlive it, and it outlives the router.
  OwnApi(const ServerOptions& options, store::TraceStore& store, ingest::Ingestor& ingestor,
         const serve::Readiness& readiness)
      : store_(store),
        ingestor_(ingestor),
        readiness_(readiness),
        searches_(base::Storage::Local(), options.data),
        facts_(CLEW_VERSION, options.data, !options.tls.certificate_path.empty()) {}

  void AddTo(serve::Router& router) {
    serve::AddDeleteApi(router, store_, readiness_);
    serve::AddSearchesApi(router, searches_);
    serve::AddServerApi(router, facts_, ingestor_);
    ingestor_.AddOnStored([this](const ingest::IngestRequest& request, uint64_t spans) {
      tails_.OnStored(request, spans);
    });
  }

  serve::TailHub& tails() { return tails_; }

  void SetPorts(const ServerPorts& ports) {
    std::vector<serve::ServerFacts::Port> named;
    for (auto& [name, port] : NamedPorts(ports)) named.push_back({name, port});
    facts_.SetPorts(std::move(named));
  }

 private:
  store::TraceStore& store_;
  ingest::Ingestor& ingestor_;
  const serve::Readiness& readiness_;
  serve::SavedSearches searches_;
  serve::ServerFacts facts_;
  serve::TailHub tails_;
};

// Who answers on the query port: queries run on threads of their own. All that is given
// outlives it, and the loops do.
class QueryPort {
 public:
  QueryPort(const ServerOptions& options, const serve::Router& router, serve::Queries& queries,
            serve::TailHub& tails, const serve::Readiness& readiness)
      : workers_(options.queries.concurrency, options.queries.queue),
        http_(router, workers_, queries.live_limits(), serve::EmbeddedFiles(), queries.tracer()),
        tail_({.hub = tails,
               .workers = workers_,
               .readiness = readiness,
               .limits = queries.live_limits(),
               .next = http_}) {
    serve::AddStreamingApi(streaming_, queries, workers_);
  }

  net::Handler& handler() { return either_; }
  bool AnswersWithAsset(const net::RequestHead& request) const {
    return !net::GrpcHandler::IsGrpc(request) && http_.AnswersWithAsset(request);
  }

 private:
  serve::WorkerPool workers_;
  serve::ApiHandler http_;
  serve::TailHandler tail_;
  net::GrpcHandler streaming_{serve::kStreamRequestBytes};
  net::GrpcOrHttp either_{streaming_, tail_};
};

// A write-ahead log in front of memtables. Locks its directory.
base::Result<std::unique_ptr<store::TraceStore>> OpenStore(const ServerOptions& options,
                                                           model::Tracer* tracer) {
  std::shared_ptr<const store::KeepRule> keep = TRY(ParseKeepRule(options.keep, options.retention));
  return store::TraceStore::Open(
      base::Storage::Local(), base::Clock::System(),
      {.directory = options.data,
       .memory_limit_bytes = options.memory_limit_bytes,
       .memtables = {.seal_bytes = options.memtable_bytes,
                     .budget_bytes = options.memory_limit_bytes / 2,
                     .small_budget_bytes = options.memory_limit_bytes / 4 * 3},
       .compaction = {.fan_in = options.merge_from},
       .retention = {.max_age_ns = options.retention.count(),
                     .max_bytes = options.max_disk_bytes,
                     .keep = std::move(keep)},
       .tracer = tracer});
}

// All but the server's own spans.
void ForwardStored(ingest::Ingestor& ingestor, ingest::Forwarder& forwarder) {
  ingestor.AddOnStored([&forwarder](const ingest::IngestRequest& request, uint64_t spans) {
    if (request.receiver != ingest::Receiver::kSelf) forwarder.OnStored(request, spans);
  });
}

void SetLog(const ServerOptions& options) {
  if (options.quiet) base::SetLogQuiet();
  if (options.verbose) base::SetLogVerbose();
  base::SetLogFormat(options.log_format);
}

// What the server is made of, but for its way out; all of it outlives that.
struct Inside {
  const ServerConfig& config;
  access::Access& access;
  serve::Readiness& readiness;
  StopSignal& stop;
  self_tracing::SelfTracing* tracer;  // null: no spans are made of what is done here
  store::TraceStore& store;
  net::BodyBudget& bodies;
  std::shared_ptr<net::ConnectionLimit> connection_limit;
  LoopThreads& threads;
  LoopThreads& asking_threads;
  ingest::Ingestor& ingestor;
  ingest::Forwarder* forwarder;  // null: nothing is forwarded
  ReceiverPorts& receivers;
};

// Fills the memtables from the log, and then lets everything in.
base::Status Start(const Inside& inside) {
  base::Status replayed = inside.store.Replay(
      [&](const store::ReplayProgress& progress) { inside.readiness.SetProgress(progress); });
  if (!replayed.ok()) return replayed;
  inside.ingestor.Open();
  if (inside.tracer != nullptr) inside.tracer->Open(inside.ingestor, *inside.threads.loops()[0]);
  inside.readiness.SetReady();
  const store::TraceStore::Counters counters = inside.store.counters();
  base::LogInfo("ready: " + std::to_string(counters.spans) + " spans of " +
                std::to_string(counters.records) + " records");
  NotifyService("READY=1");
  return {};
}

// The way out: the query API and the UI, with queries on threads of their own.
base::Status AnswerUntilStopped(const Inside& inside) {
  const ServerOptions& options = inside.config.options;
  ingest::Ingestor& ingestor = inside.ingestor;
  store::TraceStore& store = inside.store;
  serve::Readiness& readiness = inside.readiness;
  self_tracing::SelfTracing* const tracer = inside.tracer;

  serve::Queries queries(store, readiness, options.queries, base::Clock::System(), tracer);
  net::NamedPortCounters connections;
  serve::Router router;
  serve::AddStatusApi(router, {.readiness = readiness,
                               .ingestor = ingestor,
                               .store = store,
                               .queries = queries,
                               .connections = connections,
                               .bodies = &inside.bodies,
                               .version = CLEW_VERSION,
                               .data_directory = options.data,
                               .forwarder = inside.forwarder,
                               .tracer = tracer});
  serve::AddTempoApi(router, queries);
  AddDebugApi(router, {.config = inside.config, .queries = queries, .readiness = readiness});
  OwnApi own_api(options, store, ingestor, readiness);
  own_api.AddTo(router);
  QueryPort api(options, router, queries, own_api.tails(), readiness);
  // Who looks at a page says there whose spans are meant.
  access::Guard guarded_api(
      inside.access, api.handler(), {},
      [&api](const net::RequestHead& request) { return api.AnswersWithAsset(request); });

  // All ports open, /ready says how far the log is read, and then everything answers.
  const std::unique_ptr<Listeners> listeners = TRY(Listeners::Open(
      PortsFor(options, inside.access),
      {.receiving = inside.threads.loops(), .asking = inside.asking_threads.loops()},
      inside.receivers.With(guarded_api, connections),
      {.bodies = inside.bodies, .connections = inside.connection_limit}));
  if (!options.ports_file.empty()) TRY(WritePortsFile(options.ports_file, listeners->ports()));
  PrintWhereThingsAre(options, listeners->ports());
  own_api.SetPorts(listeners->ports());
  base::Status outcome = Start(inside);
  if (outcome.ok()) {
    LimitsReload::Watch(inside.config, {.ingestor = ingestor, .store = store, .queries = queries},
                        *inside.threads.loops().front());
    outcome = inside.stop.Wait();
  }

  // The end: /ready says so first, and then nothing new, running exchanges finish, the log is
  // complete.
  readiness.SetStopping();
  NotifyService("STOPPING=1");
  if (outcome.ok()) std::this_thread::sleep_for(options.shutdown_delay);
  listeners->Drain(kDrainGrace);
  if (tracer != nullptr) tracer->Close(kTracerGrace);
  if (inside.forwarder != nullptr) inside.forwarder->Stop(kForwardGrace);
  store.Close();
  inside.threads.Stop();
  inside.asking_threads.Stop();
  return outcome;
}

}  // namespace

base::Status CheckServerOptions(const ServerOptions& options) {
  TRY(CheckAddress(options));
  TRY(CheckBodyMemory(options));
  (void)TRY(ParseKeepRule(options.keep, options.retention));
  return {};
}

base::Status RunServer(const ServerConfig& config) {
  const ServerOptions& options = config.options;
  SetLog(options);
  TRY(CheckServerOptions(options));
  WarnOf(config);
  if (!config.sources.file.empty()) LimitsReload::ExpectSignal();

  // The end comes by signal. While the log is read nothing is in flight, so it may come at once.
  const auto readiness = std::make_shared<serve::Readiness>();
  StopSignal stop([readiness] { return readiness->is_replaying(); });

  // Who may come in, and whose spans are whose.
  const std::unique_ptr<access::Access> access = TRY(OpenAccess(options));

  // Spans of what is done here; null: none are made.
  const std::unique_ptr<self_tracing::SelfTracing> tracer = MakeTracer(options);

  // Where spans are.
  const std::unique_ptr<store::TraceStore> store = TRY(OpenStore(options, tracer.get()));

  // What comes over the network at a time.
  net::BodyBudget bodies(options.body_memory_bytes);
  const std::shared_ptr<net::ConnectionLimit> connection_limit =
      LimitConnections(options.max_connections);

  // Sockets: one event loop a thread.
  LoopThreads threads(options.threads, "loop");
  LoopThreads asking_threads(std::max(1u, options.threads / kThreadsOfAskingLoop), "asking_loop");

  // The way in: receivers of each protocol, then one ingestor for all of them, which may rewrite
  // what comes, and tell of it to one who sends it elsewhere too.
  const std::unique_ptr<const ingest::Redactor> redactor =
      TRY(MakeRedactor(options.redact, options.data));
  const std::unique_ptr<ingest::Forwarder> forwarder = TRY(MakeForwarder(options.forward));
  ingest::Ingestor ingestor(
      *store,
      {.body_bytes = options.body_limit_bytes,
       .inflated_bytes = std::min(ingest::kInflatedLimitBytes, options.body_memory_bytes / 2),
       .bodies = &bodies},
      [&stop](const base::Error& error) { stop.Fail(error); });
  ingestor.SetTenantLimits(options.tenant, options.tenants);
  if (redactor != nullptr) ingestor.set_redactor(*redactor);
  if (tracer != nullptr) ingestor.set_tracer(*tracer);
  if (forwarder != nullptr) ForwardStored(ingestor, *forwarder);
  const std::shared_ptr<ingest::SamplingFile> strategies =
      TRY(ingest::SamplingFile::Open(options.sampling_strategies));
  ingest::SamplingFile::Watch(strategies, *threads.loops().front());
  ReceiverPorts receivers(ingestor, *access, strategies, options.body_limit_bytes);

  return AnswerUntilStopped({.config = config,
                             .access = *access,
                             .readiness = *readiness,
                             .stop = stop,
                             .tracer = tracer.get(),
                             .store = *store,
                             .bodies = bodies,
                             .connection_limit = connection_limit,
                             .threads = threads,
                             .asking_threads = asking_threads,
                             .ingestor = ingestor,
                             .forwarder = forwarder.get(),
                             .receivers = receivers});
}

}  // namespace clew
