// SPDX-License-Identifier: Apache-2.0
// The flags of `clew server`.
#include "server_command.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "duration_flag.h"
#include "forward_flag.h"
#include "keep_flag.h"
#include "log_flag.h"
#include "redact_flag.h"
#include "self_tracing/self_tracing.h"
#include "serve/go_duration.h"
#include "server.h"
#include "server_config.h"

namespace clew {
namespace {

std::string GoText(std::chrono::nanoseconds duration) {
  const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
  return millis % 1000 == 0 ? std::to_string(millis / 1000) + "s" : std::to_string(millis) + "ms";
}

// An option that is a duration as Go writes it, of whole milliseconds unless it is given.
void AddDuration(CLI::App& group_of, const std::string& name, std::chrono::nanoseconds& value,
                 const std::string& text) {
  group_of
      .add_option_function<std::string>(
          name,
          [&value](const std::string& given) {
            value = std::chrono::nanoseconds(serve::ParseGoDuration(given).value());
          },
          text)
      ->check(CLI::Validator(CheckPositiveDuration, "DURATION"))
      ->default_str(GoText(value));
}

// The same of "7d".
std::string CheckAge(const std::string& text) {
  const auto age = ParseAge(text);
  return age.ok() ? "" : age.error().message;
}

// "6831", or "off", which is nothing.
base::Result<std::optional<uint16_t>> ParsePort(std::string_view text) {
  if (text == "off") return std::optional<uint16_t>();
  uint16_t port = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (problem == std::errc() && end == text.data() + text.size()) return std::optional(port);
  return base::Error{base::ErrorCode::kInvalidArgument,
                     "'" + std::string(text) + "' is neither a port nor off"};
}

std::string CheckPort(const std::string& text) {
  const auto port = ParsePort(text);
  return port.ok() ? "" : port.error().message;
}

void AddPorts(CLI::App& command, ServerOptions& options) {
  const std::string group = "Ports (0: any free one)";
  const auto port = [&](const std::string& name, uint16_t& value, const std::string& text) {
    command.add_option(name, value, text)->capture_default_str()->group(group);
  };
  port("--port-api", options.ports.api, "Query API (Tempo's paths), /metrics, /ready and the UI");
  port("--port-ui", options.ports.ui, "The UI again, where people look for it");
  const auto port_or_off = [&](const std::string& name, std::optional<uint16_t>& value,
                               const std::string& text) {
    command
        .add_option_function<std::string>(
            name, [&value](const std::string& given) { value = ParsePort(given).value(); },
            text + "; off: not at all")
        ->check(CLI::Validator(CheckPort, ""))
        ->type_name("PORT")
        ->default_str(std::to_string(value.value_or(0)))
        ->group(group);
  };
  port_or_off("--port-otlp-grpc", options.ports.otlp_grpc, "OTLP over gRPC");
  port_or_off("--port-otlp-http", options.ports.otlp_http,
              "OTLP over HTTP, protobuf or JSON: POST /v1/traces");
  port_or_off("--port-jaeger-thrift", options.ports.jaeger_thrift,
              "Jaeger thrift over HTTP: POST /api/traces");
  port_or_off("--port-jaeger-grpc", options.ports.jaeger_grpc, "Jaeger over gRPC: PostSpans");
  port_or_off("--port-jaeger-sampling", options.ports.jaeger_sampling,
              "How much Jaeger's clients shall sample: GET /sampling?service=NAME");
  port_or_off("--port-jaeger-compact", options.ports.jaeger_compact,
              "Jaeger thrift over UDP, compact protocol");
  port_or_off("--port-jaeger-binary", options.ports.jaeger_binary,
              "Jaeger thrift over UDP, binary protocol");
  port_or_off("--port-zipkin", options.ports.zipkin,
              "Zipkin over HTTP or gRPC: POST /api/v2/spans, /api/v1/spans");
  command
      .add_option("--ports-file", options.ports_file,
                  "Write the ports and the pid to this file as JSON once all ports listen")
      ->group(group);
}

void AddNetwork(CLI::App& command, ServerOptions& options) {
  const std::string group = "Network";
  command.add_option("--listen", options.address, "Address of all ports")
      ->capture_default_str()
      ->group(group);
  command
      .add_flag("--insecure-public", options.insecure_public,
                "Allow an address that others can reach without --credentials")
      ->group(group);
  CLI::Option* const certificate =
      command.add_option("--tls-cert", options.tls.certificate_path,
                         "PEM certificate chain, with --tls-key: serve TLS");
  CLI::Option* const key = command.add_option("--tls-key", options.tls.key_path,
                                              "PEM key of the certificate, with --tls-cert");
  // One without the other must not end in plain text.
  certificate->needs(key)->group(group);
  key->needs(certificate)->group(group);
  command
      .add_option("--tls-client-ca", options.tls.client_ca_path,
                  "PEM certificates: only clients are let in that show one which these have "
                  "signed. A change of any of these files counts for connections from then on")
      ->needs(certificate)
      ->group(group);
  command
      .add_option_function<std::string>(
          "--shutdown-delay",
          [&options](const std::string& text) {
            options.shutdown_delay = std::chrono::nanoseconds(serve::ParseGoDuration(text).value());
          },
          "How long a server that is told to end goes on while /ready is 503 already, such as 5s, "
          "so that whoever sends it requests looks for another")
      ->check(CLI::Validator(CheckPositiveDuration, "DURATION"))
      ->group(group);
}

void AddSampling(CLI::App& command, ServerOptions& options) {
  command
      .add_option("--sampling-strategies", options.sampling_strategies,
                  "JSON file of Jaeger's sampling strategies, read again when it changes; "
                  "without it clients are told to sample all")
      ->group("Sampling");
}

void AddSelfTracing(CLI::App& command, ServerOptions& options) {
  const std::string group = "Self-tracing";
  command
      .add_flag("--self-tracing", options.self_tracing,
                "Make spans of requests, queries, flushes, compactions and retention, and keep "
                "them as those of the tenant " +
                    std::string(self_tracing::kSelfTenant))
      ->group(group);
  command
      .add_option("--self-tracing-ingest-share", options.self_tracing_ingest_share,
                  "Share of the bodies that come in of which it makes spans too, 0 to 1")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1.0))
      ->group(group);
}

void AddTenants(CLI::App& command, ServerOptions& options) {
  const std::string group = "Tenants";
  command
      .add_flag("--multitenancy", options.access.multitenancy,
                "Keep tenants apart by the header X-Scope-OrgID, which all must have but pages")
      ->group(group);
  command
      .add_option(
          "--credentials", options.access.credentials_file,
          "YAML file of the tokens, passwords and client certificates of tenants; a request must "
          "have one, the first two in its header Authorization. A change of the file counts "
          "within a second")
      ->check(CLI::ExistingFile)
      ->group(group);
  AddTenantRates(command, "--tenant-", options.tenant, group);
}

constexpr const char* kLimitsGroup = "Limits";

void AddMemoryLimits(CLI::App& command, ServerOptions& options) {
  const std::string group = kLimitsGroup;
  command
      .add_option("--memory-limit", options.memory_limit_bytes,
                  "Memory for spans, such as 512MiB; past it clients are told to wait (429)")
      ->transform(CLI::AsSizeValue(false))
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--memtable-size", options.memtable_bytes,
                  "Spans in memory become a block when they take this much, such as 64MiB")
      ->transform(CLI::AsSizeValue(false))
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--body-limit", options.body_limit_bytes,
                  "Largest request body, such as 64MiB; past it the answer is 413")
      ->transform(CLI::AsSizeValue(false))
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--body-memory", options.body_memory_bytes,
                  "Memory for all request bodies on their way in, such as 512MiB; past it the "
                  "slowest clients, and then those that come, are told to wait (429)")
      ->transform(CLI::AsSizeValue(false))
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--max-connections", options.max_connections,
                  "Connections of all ports; 0: as many as file descriptors allow")
      ->capture_default_str()
      ->group(group);
}

void AddRetention(CLI::App& command, ServerOptions& options) {
  const std::string group = kLimitsGroup;
  command
      .add_option_function<std::string>(
          "--retention",
          [&options](const std::string& text) { options.retention = ParseAge(text).value(); },
          "How long spans are kept after they were received, such as 7d; without it for ever")
      ->check(CLI::Validator(CheckAge, "AGE"))
      ->group(group);
  command
      .add_option("--keep", options.keep,
                  "Traces that are kept for longer, as in --keep '{ status = error }=30d'; may be "
                  "given several times")
      ->type_name("QUERY=AGE")
      ->allow_extra_args(false)
      ->group(group);
  command
      .add_option(
          "--max-disk", options.max_disk_bytes,
          "Size of all blocks, such as 100GiB, past which the oldest are dropped; 0: no limit")
      ->transform(CLI::AsSizeValue(false))
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--merge-from", options.merge_from,
                  "Blocks of an hour are merged when there are so many")
      ->capture_default_str()
      ->check(CLI::Range(size_t{2}, size_t{1'000'000}))
      ->group(group);
}

void AddLimits(CLI::App& command, ServerOptions& options) {
  AddMemoryLimits(command, options);
  AddRetention(command, options);
  const std::string group = kLimitsGroup;
  command
      .add_option_function<std::string>(
          "--header-timeout",
          [&options](const std::string& text) {
            options.header_timeout = std::chrono::nanoseconds(serve::ParseGoDuration(text).value());
          },
          "Longest time a client may take to send a request's head, such as 10s")
      ->check(CLI::Validator(CheckPositiveDuration, "DURATION"))
      ->group(group);
  command.add_option("--threads", options.threads, "Threads, one event loop each")
      ->capture_default_str()
      ->check(CLI::Range(1u, 1024u))
      ->group(group);
}

void AddQueryLimits(CLI::App& command, serve::QueryLimits& limits) {
  CLI::Option_group& group = *command.add_option_group("Queries");
  group
      .add_option("--query-concurrency", limits.concurrency,
                  "Queries that run at the same time; as many as there are cores")
      ->capture_default_str()
      ->check(CLI::Range(size_t{1}, size_t{1024}));
  group
      .add_option("--query-threads", limits.threads,
                  "Threads that a query has, while others have no use for them; as many as there "
                  "are cores")
      ->capture_default_str()
      ->check(CLI::Range(size_t{1}, size_t{1024}));
  group
      .add_option("--query-queue", limits.queue,
                  "Queries that wait for their turn; one more is told to come again (429)")
      ->capture_default_str()
      ->check(CLI::Range(size_t{1}, size_t{1'000'000}));
  AddDuration(group, "--query-queue-wait", limits.queue_wait,
              "Longest time a query waits for its turn, then it is 429");
  AddDuration(group, "--query-timeout", limits.timeout,
              "Longest time a query runs, then the answer is 504");
  group
      .add_option("--query-memory-limit", limits.memory_bytes,
                  "Memory for what one query collects, such as 256MiB; past it the answer is 422")
      ->transform(CLI::AsSizeValue(false))
      ->capture_default_str();
  AddDuration(group, "--slow-query", limits.slow,
              "Queries that take longer are logged and listed by /status");
}

}  // namespace

void AddTenantRates(CLI::App& command, const std::string& begin, ingest::TenantLimits& limits,
                    const std::string& group) {
  const auto rate = [&](const std::string& name, uint64_t& value, const std::string& text) {
    command.add_option(begin + name, value, text)
        ->transform(CLI::AsSizeValue(false))
        ->capture_default_str()
        ->group(group);
  };
  rate("rate", limits.bytes.per_second,
       "Bytes of bodies a tenant may send in a second, such as 20MiB; past it the answer is 429; "
       "0: no limit");
  rate("burst", limits.bytes.burst,
       "Bytes it may send at once after a pause; 0: those of a second");
  rate("span-rate", limits.spans.per_second, "The same of spans; 0: no limit");
  rate("span-burst", limits.spans.burst, "The same of spans; 0: those of a second");
}

void AddServerOptions(CLI::App& command, ServerOptions& options) {
  command.add_option("--data", options.data, "Directory of the data; made when it does not exist")
      ->capture_default_str();
  CLI::Option* const quiet =
      command.add_flag("--quiet", options.quiet, "Print warnings and errors only");
  command.add_flag("--verbose", options.verbose, "Print every query as well, not with --quiet")
      ->excludes(quiet);
  AddLogFormat(command, options.log_format);
  AddPorts(command, options);
  AddNetwork(command, options);
  AddTenants(command, options);
  AddSampling(command, options);
  AddRedactFlags(command, options.redact);
  AddForwardFlags(command, options.forward);
  AddSelfTracing(command, options);
  AddLimits(command, options);
  AddQueryLimits(command, options.queries);
}

void AddServerCommand(CLI::App& app, int& exit_code) {
  const auto given = std::make_shared<ServerOptions>();
  CLI::App* command = app.add_subcommand(
      "server", "Receive spans, keep them, and serve the query API and the web UI");
  command->description(
      "Receive spans, keep them, and serve the query API and the web UI.\n"
      "Without any flag it listens on 127.0.0.1 and keeps its data in ./clew-data. A span that "
      "was\n"
      "acknowledged is on disk and in every answer from then on. Ctrl-C ends it cleanly.\n"
      "Each flag may be a key of a file as well, and a variable: --port-api is port-api and\n"
      "CLEW_PORT_API. A flag counts before a variable, and that before the file.");
  AddServerOptions(*command, *given);
  const std::shared_ptr<std::string> file = AddConfigFile(*command);
  command->callback([command, given, file, &exit_code] {
    const auto config = ReadServerConfig(SourcesOf(*command, *file));
    if (!config.ok()) {
      for (const std::string& error : config.error()) {
        std::fprintf(stderr, "clew server: %s\n", error.c_str());
      }
      exit_code = 2;
      return;
    }
    const base::Status status = RunServer(config.value());
    if (status.ok()) return;
    std::fprintf(stderr, "clew server: %s\n", status.error().message.c_str());
    exit_code = 1;
  });
}

}  // namespace clew
