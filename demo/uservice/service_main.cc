// SPDX-License-Identifier: Apache-2.0

#include "uservice/service_main.h"

#include <csignal>
#include <cstdio>
#include <optional>
#include <thread>
#include <utility>

#include "net/server.h"
#include "opentelemetry/resource_detectors/os_detector.h"
#include "opentelemetry/resource_detectors/process_detector.h"
#include "opentelemetry/sdk/environment.h"
#include "uservice/plain_service.h"
#include "uservice/stop_signals.h"
#include "uservice/traced_service.h"

namespace clew::demo {
namespace {

namespace sdk = opentelemetry::sdk;

constexpr std::chrono::seconds kDrainGrace{5};
constexpr std::chrono::seconds kLastExport{3};
// Short, so that a trace can be looked at as soon as the page has loaded.
constexpr std::chrono::milliseconds kScheduleDelay{200};

// Just these attributes of this process, and telemetry.sdk.*.
sdk::resource::ResourceAttributes OwnAttributes(const std::string& name) {
  sdk::resource::ResourceAttributes own;
  const auto os = opentelemetry::resource_detector::OsResourceDetector().Detect();
  const auto process = opentelemetry::resource_detector::ProcessResourceDetector().Detect();
  for (const char* key : {"os.type", "process.command_args", "process.pid"}) {
    for (const auto* detected : {&os, &process}) {
      const auto found = detected->GetAttributes().find(key);
      if (found != detected->GetAttributes().end()) own[key] = found->second;
    }
  }
  own["service.name"] = name;
  return own;
}

std::shared_ptr<sdk::trace::TracerProvider> StartTracing(const std::string& name) {
  sdk::EnvironmentDefaults defaults;
  defaults.resource_attributes = OwnAttributes(name);
  defaults.propagators = "jaeger";
  defaults.protocol = "grpc";
  defaults.endpoint = "http://127.0.0.1:4317";
  defaults.schedule_delay = kScheduleDelay;
  return sdk::ConfigureFromEnvironment(defaults);
}

int Fail(const std::string& message) {
  std::fprintf(stderr, "%s\n", message.c_str());
  return 1;
}

std::string FormatAddress(const std::string& address, uint16_t port) {
  const bool is_ipv6 = address.find(':') != std::string::npos;
  return (is_ipv6 ? "[" + address + "]" : address) + ":" + std::to_string(port);
}

}  // namespace

int RunService(int argc, char** argv, ServiceDefinition service) {
  Options& options = service.defaults;
  if (const auto exit_code = ReadCommandLine(argc, argv, options)) return *exit_code;
  std::signal(SIGPIPE, SIG_IGN);
  const StopSignals stop_signals;

  std::shared_ptr<sdk::trace::TracerProvider> tracing;
  if (service.traced) tracing = StartTracing(service.name);
  net::EventLoop loop;
  std::optional<UpstreamCaller> upstream;
  if (!options.upstream.empty()) {
    auto made = UpstreamCaller::Make(loop, options.upstream);
    if (!made.ok()) return Fail(made.error().message);
    upstream = std::move(made).value();
  }
  UpstreamCaller* const called = upstream.has_value() ? &*upstream : nullptr;
  std::unique_ptr<net::Handler> handler;
  if (service.traced) {
    handler = std::make_unique<TracedService>(service.name, options, called);
  } else {
    handler = std::make_unique<PlainService>(options, called);
  }
  net::ListenOptions listen;
  listen.address = options.listen_address;
  listen.port = options.listen_port;
  auto server = net::Server::Listen(listen, {&loop}, *handler);
  if (!server.ok()) return Fail(server.error().message);

  std::thread serving([&] { loop.Run(); });
  std::printf("Listening on %s\n",
              FormatAddress(options.listen_address, server.value()->port()).c_str());
  std::fflush(stdout);
  stop_signals.Wait();
  server.value()->Drain(kDrainGrace);
  loop.Stop();
  serving.join();
  if (tracing != nullptr) tracing->Shutdown(kLastExport);
  return 0;
}

}  // namespace clew::demo
