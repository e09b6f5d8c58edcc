// SPDX-License-Identifier: Apache-2.0
// The flags of `clew check`, and the loop that the check runs on.
#include "check_command.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>

#include "check/canary.h"
#include "check/check_report.h"
#include "duration_flag.h"
#include "net/event_loop.h"
#include "net/server.h"
#include "net/stop_signal.h"
#include "serve/go_duration.h"
#include "server_call.h"

namespace clew {
namespace {

using std::chrono::steady_clock;

struct CheckFlags {
  std::string server = "http://127.0.0.1:3200";
  std::string otlp;  // empty: the default port of the protocol
  std::string tenant;
  check::CheckOptions options{.duration = std::chrono::seconds(30)};
  bool forever = false;
  std::optional<uint16_t> metrics_port;
  std::string metrics_address = "127.0.0.1";
  bool json = false;
};

uint64_t RandomSeed() {
  std::random_device device;
  return uint64_t{device()} << 32 | device();
}

// A run, and what may be asked of it meanwhile.
class CheckRun {
 public:
  CheckRun(net::EventLoop& loop, check::CheckOptions options)
      : seed_(options.seed), started_(steady_clock::now()), canary_(loop, std::move(options)) {}

  check::Canary& canary() { return canary_; }
  check::CheckReport Report() const {
    const auto seconds = [](auto duration) {
      return std::chrono::duration<double>(duration).count();
    };
    return {.seed = seed_,
            .seconds = seconds(steady_clock::now() - started_),
            .unavailable_seconds = seconds(canary_.unavailable()),
            .counts = canary_.counts()};
  }

 private:
  const uint64_t seed_;
  const steady_clock::time_point started_;
  check::Canary canary_;
};

// GET /metrics.
class MetricsHandler final : public net::Handler {
 public:
  explicit MetricsHandler(const CheckRun& run) : run_(run) {}

  net::Task<void> Handle(net::Exchange& exchange) override {
    const bool asked =
        exchange.request().path() == "/metrics" && exchange.request().method == "GET";
    const std::string body = asked ? FormatMetrics(run_.Report()) : "there is GET /metrics\n";
    (void)co_await net::ReplyText(exchange, asked ? 200 : 404, "text/plain; version=0.0.4", body);
  }

 private:
  const CheckRun& run_;
};

// Says where its metrics are when a signal would be heard already.
net::Task<void> RunToItsEnd(check::Canary& canary, net::EventLoop& loop, std::string metrics) {
  if (!metrics.empty()) std::fprintf(stderr, "metrics on %s\n", metrics.c_str());
  co_await canary.Run();
  loop.Stop();
}

net::Task<void> EndOnSignal(check::Canary& canary, net::EventLoop& loop) {
  co_await net::AwaitStopSignal(loop);
  canary.Stop();
}

base::Result<check::CheckOptions> OptionsOf(const CheckFlags& flags) {
  check::CheckOptions options = flags.options;
  options.seed = RandomSeed();
  if (flags.forever) options.duration.reset();
  otlp::Destination& otlp = options.client.otlp;
  const bool http = otlp.protocol == otlp::Protocol::kHttp;
  const char* const usual = http ? "http://127.0.0.1:4318" : "http://127.0.0.1:4317";
  otlp.endpoint = TRY(net::ParseUrl(flags.otlp.empty() ? usual : flags.otlp)).endpoint;
  options.client.api = TRY(net::ParseUrl(flags.server)).endpoint;
  options.client.headers = Credentials(flags.tenant);
  return options;
}

// Whether all was well.
base::Result<bool> Run(const CheckFlags& flags) {
  signal(SIGPIPE, SIG_IGN);
  net::EventLoop loop;
  CheckRun run(loop, TRY(OptionsOf(flags)));
  MetricsHandler metrics(run);
  std::unique_ptr<net::Server> server;
  std::string url;
  if (flags.metrics_port) {
    net::ListenOptions listen;
    listen.address = flags.metrics_address;
    listen.port = *flags.metrics_port;
    server = TRY(net::Server::Listen(listen, {&loop}, metrics));
    url = "http://" + flags.metrics_address + ":" + std::to_string(server->port()) + "/metrics";
  }
  loop.Spawn(EndOnSignal(run.canary(), loop));
  loop.Spawn(RunToItsEnd(run.canary(), loop, std::move(url)));
  loop.Run();
  const check::CheckReport report = run.Report();
  const std::string text = flags.json ? FormatReportJson(report) : FormatReport(report);
  std::fwrite(text.data(), 1, text.size(), stdout);
  return report.counts.ok();
}

void AddDuration(CLI::App& command, const std::string& name, const std::string& text,
                 const std::function<void(std::chrono::nanoseconds)>& set) {
  command
      .add_option_function<std::string>(
          name,
          [set](const std::string& given) {
            set(std::chrono::nanoseconds(serve::ParseGoDuration(given).value()));
          },
          text)
      ->check(CLI::Validator(CheckPositiveDuration, "DURATION"));
}

void AddWhere(CLI::App& command, CheckFlags& flags) {
  command.add_option("--server", flags.server, "The query API")->capture_default_str();
  AddClientTls(command, flags.options.client.client);
  command.add_option("--otlp", flags.otlp,
                     "The receiver (http://127.0.0.1:4318, or :4317 with --protocol grpc)");
  command
      .add_option_function<std::string>(
          "--protocol",
          [&flags](const std::string& text) {
            flags.options.client.otlp.protocol =
                text == "grpc" ? otlp::Protocol::kGrpc : otlp::Protocol::kHttp;
          },
          "OTLP over http with protobuf, or grpc (http)")
      ->check(CLI::IsMember({"grpc", "http"}));
  command.add_option("--tenant", flags.tenant, "Whose spans they are, as X-Scope-OrgID");
}

void AddHow(CLI::App& command, CheckFlags& flags) {
  check::CheckOptions& options = flags.options;
  AddDuration(command, "--interval", "A trace so often (1s)",
              [&options](auto given) { options.interval = given; });
  AddDuration(command, "--duration", "How long to go on (30s)",
              [&options](auto given) { options.duration = given; });
  command.add_flag("--forever", flags.forever, "Go on until a signal");
  AddDuration(command, "--look-back",
              "With --forever, read traces again until they are so old (1h)",
              [&options](auto given) { options.look_back = given; });
  AddDuration(command, "--visible-within",
              "How soon after its acknowledgement a trace must be seen, or it is lost (10s)",
              [&options](auto given) { options.visible_within = given; });
  AddDuration(command, "--patience", "How long a server may be away before the check fails (60s)",
              [&options](auto given) { options.client.patience = given; });
  command.add_option("--metrics-port", flags.metrics_port,
                     "Serve /metrics on this port; 0: any free one");
  command.add_option("--metrics-address", flags.metrics_address, "The address of that port")
      ->capture_default_str();
  command.add_flag("--json", flags.json, "The report as one JSON object");
}

}  // namespace

void AddCheckCommand(CLI::App& app, int& exit_code) {
  const auto flags = std::make_shared<CheckFlags>();
  flags->options.client.otlp.protocol = otlp::Protocol::kHttp;
  CLI::App* const command =
      app.add_subcommand("check", "Write traces and see that each comes back once, and soon");
  command->description(
      "Write small traces whose contents are known, read each back by its id, by a search and by\n"
      "a count, and all of them once more at the end. Says how many spans were lost, duplicated "
      "or\n"
      "wrong and how long after their acknowledgement they were seen; the exit code is 1 if any\n"
      "was. A server that is away is waited for, its time away is reported, and what it had\n"
      "acknowledged must be there when it is back. Its traces are of service clew-check.");
  AddWhere(*command, *flags);
  AddHow(*command, *flags);
  command->get_option("--forever")->excludes(command->get_option("--duration"));
  command->callback([flags, &exit_code] {
    const base::Result<bool> ran = Run(*flags);
    if (!ran.ok()) std::fprintf(stderr, "clew check: %s\n", ran.error().message.c_str());
    if (!ran.ok() || !ran.value()) exit_code = 1;
  });
}

}  // namespace clew
