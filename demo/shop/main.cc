// SPDX-License-Identifier: Apache-2.0
// shop: a shop of many services in one process, with visitors, and a fault after a while.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>
#include <thread>

#include "opentelemetry/sdk/environment.h"
#include "shop/fault.h"
#include "shop/shop_service.h"
#include "shop/simulate.h"
#include "shop/visitors.h"
#include "uservice/stop_signals.h"

namespace clew::shop {
namespace {

struct Flags {
  std::string shop_file = "demo/shop/shop.yaml";
  std::string traces_url = "http://127.0.0.1:4318/v1/traces";
  double visits_per_second = 10;
  std::string fault;  // empty: none
  std::string service;
  double fault_after_seconds = 60;
  double strength = 4;
};

int Fail(const std::string& message) {
  std::fprintf(stderr, "shop: %s\n", message.c_str());
  return 1;
}

base::Result<std::string> ReadText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return base::Error{base::ErrorCode::kNotFound, "cannot read " + path};
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// How long half of the visits take.
Nanos UsualTime(const Shop& shop, const Visit& visit) {
  constexpr uint64_t kSamples = 201;
  std::vector<int64_t> times;
  for (uint64_t seed = 0; seed < kSamples; ++seed) {
    Dice dice(seed);
    times.push_back(static_cast<int64_t>(Simulate(shop, visit, 0, dice)[0].end_unix_nano));
  }
  std::ranges::nth_element(times, times.begin() + kSamples / 2);
  return Nanos(times[kSamples / 2]);
}

// The first visit's first place for the fault, in that service if one is named.
base::Result<Shop> WithFault(const Shop& shop, const Flags& flags) {
  const auto invalid = [](std::string message) {
    return base::Error{base::ErrorCode::kInvalidArgument, std::move(message)};
  };
  const auto kind = FaultKindNamed(flags.fault);
  if (!kind) {
    std::string message = "no fault is called '" + flags.fault + "'; there are:";
    for (const FaultKind known : kFaultKinds) message += " " + std::string(NameOf(known));
    return invalid(std::move(message));
  }
  const Visit& visit = shop.visits.front();
  const double added = static_cast<double>(UsualTime(shop, visit).count()) * (flags.strength - 1);
  const Nanos nanos(static_cast<int64_t>(added));
  for (const FaultPlace& place : FaultPlaces(shop, visit, *kind, nanos)) {
    const std::string owner = OwnerOf(shop, place).service;
    if (flags.service.empty() || flags.service == owner) return Plant(shop, place, nanos);
  }
  return invalid("nothing that '" + visit.operation + "' comes to can have the fault '" +
                 flags.fault + "'" +
                 (flags.service.empty() ? "" : " in service '" + flags.service + "'"));
}

std::optional<int> ReadCommandLine(int argc, char** argv, Flags& flags) {
  CLI::App app("A shop of many services, with visitors; its spans go to a tracing server");
  app.add_option("--shop", flags.shop_file, "What the services do")->capture_default_str();
  app.add_option("--traces-url", flags.traces_url, "Where spans go, OTLP over HTTP")
      ->capture_default_str();
  app.add_option("--rate", flags.visits_per_second, "Visits a second")
      ->capture_default_str()
      ->check(CLI::Range(0.01, 1000.0));
  app.add_option("--fault", flags.fault,
                 "What goes wrong: n+1, retry-storm, lock-wait, cold-cache, queue-wait, "
                 "network-delay or slow-peer");
  app.add_option("--in", flags.service, "The service that it goes wrong in (default: the first)");
  app.add_option("--after", flags.fault_after_seconds, "Seconds until it does")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 86400.0));
  app.add_option("--strength", flags.strength,
                 "How many times as long a checkout takes then, about")
      ->capture_default_str()
      ->check(CLI::Range(1.0, 100.0));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  }
  return std::nullopt;
}

int Run(const Flags& flags) {
  const auto text = ReadText(flags.shop_file);
  if (!text.ok()) return Fail(text.error().message);
  const auto shop = ReadShop(text.value(), flags.shop_file);
  if (!shop.ok()) return Fail(shop.error().message);
  std::optional<Shop> faulty;
  if (!flags.fault.empty()) {
    auto planted = WithFault(shop.value(), flags);
    if (!planted.ok()) return Fail(planted.error().message);
    faulty = std::move(planted).value();
  }

  std::signal(SIGPIPE, SIG_IGN);
  const demo::StopSignals stop;
  opentelemetry::sdk::SetGlobalPropagators("tracecontext");
  net::EventLoop loop;
  auto open = OpenShop::Open(loop, shop.value(), flags.traces_url);
  if (!open.ok()) return Fail(open.error().message);
  Visitors visitors(*open.value(), flags.visits_per_second);
  loop.Spawn(visitors.Come());
  std::thread serving([&] { loop.Run(); });
  std::printf("%zu services are open, with %g visits a second\n", shop.value().services.size(),
              flags.visits_per_second);
  std::fflush(stdout);

  const auto healthy = std::chrono::duration<double>(flags.fault_after_seconds);
  bool stopped = false;
  if (faulty) {
    stopped = stop.WaitFor(std::chrono::duration_cast<std::chrono::milliseconds>(healthy));
    if (!stopped) {
      open.value()->Become(*faulty);
      std::printf("something went wrong just now\n");
      std::fflush(stdout);
    }
  }
  if (!stopped) stop.Wait();
  visitors.Leave();
  open.value()->Close();
  loop.Stop();
  serving.join();
  std::printf("%llu visits\n", static_cast<unsigned long long>(visitors.visits()));
  std::fflush(stdout);
  return 0;
}

}  // namespace
}  // namespace clew::shop

int main(int argc, char** argv) {
  clew::shop::Flags flags;
  if (const auto exit_code = clew::shop::ReadCommandLine(argc, argv, flags)) return *exit_code;
  return clew::shop::Run(flags);
}
