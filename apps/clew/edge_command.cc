// SPDX-License-Identifier: Apache-2.0
// `clew edge`: the proxy that starts the trace. Reads its routes, listens, and
// runs one loop a thread until it is told to end.
#include "edge_command.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "edge/config.h"
#include "edge/proxy.h"
#include "listen_address.h"
#include "log_flag.h"
#include "net/server.h"
#include "net/stop_signal.h"

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
  base::LogFormat log_format = base::LogFormat::kText;
};

// "127.0.0.1:80", ":80" (loopback) to its parts.
base::Result<net::ListenOptions> ParseAddress(const std::string& text, const EdgeFlags& flags) {
  const size_t colon = text.rfind(':');
  net::ListenOptions options;
  options.tls = {flags.tls_certificate, flags.tls_key};
  if (colon == std::string::npos) return base::Invalid("address '" + text + "' has no port");
  if (colon > 0) options.address = text.substr(0, colon);
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, options.port);
  if (error != std::errc() || stop != end)
    return base::Invalid("'" + text + "' does not end in a port");
  if (!IsLoopback(options.address) && !flags.insecure_public) {
    return base::Invalid(
        "listening on " + options.address +
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
                                                            net::ListenOptions options,
                                                            const Loops& loops,
                                                            net::Handler& handler) {
  auto server = net::Server::Listen(options, loops, handler);
  if (server.ok() || !flags.address.empty()) return server;
  std::fprintf(stderr, "%s; taking port 8000 instead\n", server.error().message.c_str());
  options.port = 8000;
  return net::Server::Listen(options, loops, handler);
}

// Asked to end: no new connections, running requests finish, last spans leave. That
// waits for the loops, so a thread does it, and it starts no earlier: glibc and the
// standard library are faster in a process of one thread.
net::Task<void> EndOnSignal(const Loops& loops, net::Server& server, edge::Proxy& proxy,
                            std::thread& ender) {
  co_await net::AwaitStopSignal(*loops.front());
  ender = std::thread([&loops, &server, &proxy] {
    server.Drain(std::chrono::seconds(10));
    proxy.FlushSpans();
    for (net::EventLoop* loop : loops) loop->Stop();
  });
}

base::Status Run(const EdgeFlags& flags) {
  signal(SIGPIPE, SIG_IGN);

  // Routes, and who gets the spans.
  const edge::Config config = TRY(ReadConfig(flags.config_path));
  const net::Url collector = TRY(net::ParseUrl(flags.collector));

  // One loop a thread, and the proxy on all of them.
  std::vector<std::unique_ptr<net::EventLoop>> owned;
  Loops loops;
  for (unsigned i = 0; i < std::max(1u, flags.threads); ++i) {
    owned.push_back(std::make_unique<net::EventLoop>());
    loops.push_back(owned.back().get());
  }
  edge::ProxyOptions options;
  options.generate_128_bit_ids = flags.generate_128_bit_ids;
  options.upstream_timeout = std::chrono::milliseconds(flags.upstream_timeout_ms);
  if (flags.tracing) options.collector = collector;
  edge::Proxy proxy(config, std::move(options), loops);
  const std::string address = flags.address.empty() ? "127.0.0.1:80" : flags.address;
  const net::ListenOptions listen = TRY(ParseAddress(address, flags));
  const auto server = TRY(ListenWhereAsked(flags, listen, loops, proxy));
  std::printf("Listening on %s:%d\n", UrlHostOf(listen.address).c_str(), server->port());
  std::fflush(stdout);

  // This thread runs the first loop.
  std::thread ender;
  loops.front()->Spawn(EndOnSignal(loops, *server, proxy, ender));
  std::vector<std::thread> threads;
  for (size_t i = 1; i < loops.size(); ++i) threads.emplace_back([&, i] { loops[i]->Run(); });
  loops.front()->Run();
  ender.join();
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
  CLI::Option* const certificate =
      command->add_option("--tls-cert", flags->tls_certificate, "PEM certificate chain: serve TLS");
  CLI::Option* const key =
      command->add_option("--tls-key", flags->tls_key, "PEM key of the certificate");
  // One without the other must not end in plain text.
  certificate->needs(key);
  key->needs(certificate);
  AddLogFormat(*command, flags->log_format);
  command->callback([flags, &exit_code] {
    base::SetLogFormat(flags->log_format);
    const base::Status status = Run(*flags);
    if (status.ok()) return;
    std::fprintf(stderr, "clew edge: %s\n", status.error().message.c_str());
    exit_code = 1;
  });
}

}  // namespace clew
