// SPDX-License-Identifier: Apache-2.0
// `clew edge`: the proxy that starts the trace. Reads its routes, listens, and
// runs one loop a thread until it is told to end.
#include "edge_command.h"

#include <pthread.h>
#include <signal.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "edge/config.h"
#include "edge/proxy.h"
#include "edge/span_exporter.h"
#include "net/server.h"

namespace clew {
namespace {

struct EdgeFlags {
  std::string config_path = "edge.yaml";
  std::string address;  // empty: port 80, or 8000 where 80 may not be bound
  bool insecure_public = false;
  bool tracing = false;
  std::string collector = "http://127.0.0.1:14268/api/traces?format=jaeger.thrift";
  bool generate_128_bit_ids = false;
  unsigned threads = std::max(1u, std::thread::hardware_concurrency());
  int64_t upstream_timeout_ms = 300'000;
  std::string tls_certificate;
  std::string tls_key;
};

base::Error Invalid(std::string message) {
  return {base::ErrorCode::kInvalidArgument, std::move(message)};
}

// "127.0.0.1:80", ":80" (loopback) to its parts.
base::Result<net::ListenOptions> ParseAddress(const std::string& text, const EdgeFlags& flags) {
  const size_t colon = text.rfind(':');
  net::ListenOptions options;
  options.tls = {flags.tls_certificate, flags.tls_key};
  if (colon == std::string::npos) return Invalid("address '" + text + "' has no port");
  if (colon > 0) options.address = text.substr(0, colon);
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, options.port);
  if (error != std::errc() || stop != end) return Invalid("'" + text + "' does not end in a port");
  const bool loopback = options.address.starts_with("127.") || options.address == "::1";
  if (!loopback && !flags.insecure_public) {
    return Invalid("listening on " + options.address +
                   " makes the edge public without any authentication; add --insecure-public if "
                   "that is meant");
  }
  return options;
}

base::Result<edge::Config> ReadConfig(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return base::Error{base::ErrorCode::kNotFound, "cannot read the routes in " + path};
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return edge::ParseConfig(text, path);
}

using Loops = std::vector<net::EventLoop*>;

base::Result<std::unique_ptr<net::Server>> ListenWhereAsked(const EdgeFlags& flags,
                                                            const Loops& loops,
                                                            net::Handler& handler) {
  const std::string address = flags.address.empty() ? "127.0.0.1:80" : flags.address;
  net::ListenOptions options = TRY(ParseAddress(address, flags));
  auto server = net::Server::Listen(options, loops, handler);
  if (server.ok() || !flags.address.empty()) return server;
  std::fprintf(stderr, "%s; taking port 8000 instead\n", server.error().message.c_str());
  options.port = 8000;
  return net::Server::Listen(options, loops, handler);
}

// Blocks until the process is asked to end. The signals must be blocked in all threads.
void WaitForSignal(const sigset_t& signals) {
  int signal = 0;
  sigwait(&signals, &signal);
}

base::Status Run(const EdgeFlags& flags) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  // Routes, and who gets the spans.
  const edge::Config config = TRY(ReadConfig(flags.config_path));
  const net::Url collector = TRY(net::ParseUrl(flags.collector));
  std::unique_ptr<edge::SpanExporter> exporter;
  if (flags.tracing) exporter = std::make_unique<edge::SpanExporter>(collector, "web");

  // One loop a thread, and the proxy on all of them.
  std::vector<std::unique_ptr<net::EventLoop>> owned;
  Loops loops;
  for (unsigned i = 0; i < std::max(1u, flags.threads); ++i) {
    owned.push_back(std::make_unique<net::EventLoop>());
    loops.push_back(owned.back().get());
  }
  edge::Proxy proxy(config,
                    {.generate_128_bit_ids = flags.generate_128_bit_ids,
                     .upstream_timeout = std::chrono::milliseconds(flags.upstream_timeout_ms)},
                    loops, exporter.get());
  const auto server = TRY(ListenWhereAsked(flags, loops, proxy));
  std::vector<std::thread> threads;
  for (net::EventLoop* loop : loops) threads.emplace_back([loop] { loop->Run(); });
  std::printf("Listening on 127.0.0.1:%d\n", server->port());
  std::fflush(stdout);

  // Until asked to end: no new connections, running requests finish, last spans leave.
  WaitForSignal(signals);
  server->Drain(std::chrono::seconds(10));
  for (net::EventLoop* loop : loops) loop->Stop();
  for (std::thread& thread : threads) thread.join();
  return {};
}

}  // namespace

void AddEdgeCommand(CLI::App& app, int& exit_code) {
  auto flags = std::make_shared<EdgeFlags>();
  CLI::App* command = app.add_subcommand("edge", "Run the edge proxy, which starts the trace");
  command
      ->add_option("--config", flags->config_path,
                   "Routes: the http.routers and http.services of Traefik's dynamic file")
      ->capture_default_str();
  command->add_option(
      "--entrypoints.web.address", flags->address,
      "Address and port of the entry point; without it port 80, or 8000 where 80 may "
      "not be bound");
  command->add_flag("--insecure-public", flags->insecure_public,
                    "Allow an address that others can reach, without authentication");
  command->add_option("--tracing.jaeger", flags->tracing, "Trace every request (true or false)");
  command
      ->add_option("--tracing.jaeger.collector.endpoint", flags->collector,
                   "Where spans go, as Jaeger thrift over HTTP")
      ->capture_default_str();
  command->add_option("--tracing.jaeger.gen128bit", flags->generate_128_bit_ids,
                      "Start traces with ids of 128 bits (true or false)");
  command
      ->add_option("--upstream-timeout-ms", flags->upstream_timeout_ms,
                   "Longest time of one exchange with a service; past it the answer is 504")
      ->capture_default_str();
  command->add_option("--threads", flags->threads, "Threads, one event loop each")
      ->capture_default_str();
  command->add_option("--tls-cert", flags->tls_certificate, "PEM certificate chain: serve TLS");
  command->add_option("--tls-key", flags->tls_key, "PEM key of the certificate");
  command->callback([flags, &exit_code] {
    const base::Status status = Run(*flags);
    if (status.ok()) return;
    std::fprintf(stderr, "clew edge: %s\n", status.error().message.c_str());
    exit_code = 1;
  });
}

}  // namespace clew
