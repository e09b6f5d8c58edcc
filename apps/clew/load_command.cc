// SPDX-License-Identifier: Apache-2.0
// The flags of `clew load`: which load, where to, and what to check afterwards.
#include "load_command.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>

#include "base/clock.h"
#include "duration_flag.h"
#include "load/load_report.h"
#include "load/load_run.h"
#include "serve/go_duration.h"
#include "server_call.h"

namespace clew {
namespace {

// From how many traces the floor is computed: 280,000 spans of the default profile.
constexpr uint64_t kFloorTraces = 20'000;

struct LoadFlags {
  std::string profile_name = "web1";
  load::Profile profile;
  uint64_t seed = 1;
  int64_t start_seconds = 0;  // 0: now, or as long ago as the load takes
  uint64_t spans = 0;
  uint64_t traces = 0;
  double simulated_seconds = 0;
  double simulated_rate = 0;
  double rate = 0;

  load::SenderOptions sender;
  std::string endpoint;  // empty: the default port of the protocol
  std::string api = "http://127.0.0.1:3200";
  std::string tenant;
  bool dry_run = false;
  bool verify = false;
  bool verify_only = false;
  uint64_t verify_traces = 0;
  bool floor = true;
  bool json = false;
  bool quiet = false;
};

constexpr uint64_t kDefaultSpans = 100'000;
constexpr double kDefaultSimulatedRate = 50'000;
constexpr double kMaxRate = 1e7;  // makes 100,000 instances

load::LoadSize SizeOf(const LoadFlags& flags, const load::TraceGenerator& generator, double rate) {
  if (flags.traces > 0) return SizeOfTraces(generator, flags.traces);
  if (flags.simulated_seconds > 0) {
    const double traces = flags.simulated_seconds * rate / flags.profile.mean_trace_spans;
    return SizeOfTraces(generator, std::max<uint64_t>(1, static_cast<uint64_t>(traces)));
  }
  return SizeOfSpans(generator, flags.spans == 0 ? kDefaultSpans : flags.spans);
}

// Sent at a pace, the load begins now. Otherwise it ends now, for spans of the future
// are in no search.
int64_t StartOf(const LoadFlags& flags, double simulated_seconds) {
  if (flags.start_seconds != 0) return flags.start_seconds * 1'000'000'000;
  const int64_t now = base::Clock::System().UnixNanos();
  return flags.rate > 0 ? now : now - static_cast<int64_t>(simulated_seconds * 1e9);
}

base::Result<bool> Run(LoadFlags flags) {
  signal(SIGPIPE, SIG_IGN);
  const double default_rate = flags.rate > 0 ? flags.rate : kDefaultSimulatedRate;
  const double rate = flags.simulated_rate > 0 ? flags.simulated_rate : default_rate;
  load::GeneratorOptions options{.seed = flags.seed, .spans_per_second = rate};
  const load::LoadSize size = SizeOf(flags, load::TraceGenerator(flags.profile, options), rate);
  load::LoadReport report{.profile = flags.profile.name, .seed = flags.seed, .size = size};
  report.simulated_seconds =
      static_cast<double>(size.traces) * flags.profile.mean_trace_spans / rate;
  report.start_ns = options.start_ns = StartOf(flags, report.simulated_seconds);
  const load::TraceGenerator generator(flags.profile, options);
  report.instances = generator.instance_count();

  if (flags.dry_run) {
    report.sent = MakeLoad(generator, size);
  } else if (!flags.verify_only) {
    const bool http = flags.sender.destination.protocol == load::Protocol::kHttp;
    const char* const usual = http ? "http://127.0.0.1:4318" : "http://127.0.0.1:4317";
    flags.sender.destination.endpoint =
        TRY(net::ParseUrl(flags.endpoint.empty() ? usual : flags.endpoint)).endpoint;
    flags.sender.headers = Credentials(flags.tenant);
    flags.sender.simulated_start_ns = options.start_ns;
    if (flags.rate > 0) flags.sender.pace = rate / flags.rate;
    const bool progress = !flags.quiet && isatty(STDERR_FILENO) != 0;
    report.sent = SendLoad(generator, size, flags.sender, progress);
  }
  if (flags.floor && !flags.verify_only) {
    report.floor = ComputeEntropyFloor(generator, std::min(size.traces, kFloorTraces));
  }
  if (flags.verify || flags.verify_only) {
    report.verdict = VerifyLoad(generator, {.endpoint = TRY(net::ParseUrl(flags.api)).endpoint,
                                            .headers = Credentials(flags.tenant),
                                            .client = flags.sender.client,
                                            .connections = flags.sender.connections,
                                            .trace_count = size.traces,
                                            .sample = flags.verify_traces});
  }
  const std::string text = flags.json ? FormatReportJson(report) + "\n" : FormatReport(report);
  std::fwrite(text.data(), 1, text.size(), stdout);
  const bool lost =
      report.sent && report.sent->counts.failed_bodies + report.sent->counts.rejected_spans > 0;
  return !lost && (!report.verdict || report.verdict->ok());
}

void AddWhat(CLI::App& command, LoadFlags& flags) {
  const std::string group = "What";
  command.add_option("--profile", flags.profile_name, "What the load is like")
      ->capture_default_str()
      ->check(CLI::IsMember({"web1"}))
      ->group(group);
  command.add_option("--seed", flags.seed, "Another seed, another load")
      ->capture_default_str()
      ->group(group);
  CLI::Option* const spans =
      command.add_option("--spans", flags.spans, "At least so many, in whole traces (100000)");
  CLI::Option* const traces = command.add_option("--traces", flags.traces, "So many traces");
  CLI::Option* const seconds =
      command
          .add_option("--simulated-seconds,--span", flags.simulated_seconds,
                      "As many as begin in so many simulated seconds")
          ->check(CLI::PositiveNumber);
  spans->excludes(traces)->excludes(seconds)->group(group);
  traces->excludes(seconds)->group(group);
  seconds->group(group);
  command
      .add_option("--start", flags.start_seconds,
                  "When the first trace begins, in Unix seconds. Without it: now with --rate, else "
                  "so that the last begins now")
      ->group(group);
  command
      .add_option("--simulated-rate", flags.simulated_rate,
                  "Spans a simulated second, which decides how many instances there are; as "
                  "--rate, or 50000")
      ->check(CLI::Range(1.0, kMaxRate))
      ->group(group);
  command
      .add_option_function<std::string>(
          "--id",
          [&flags](const std::string& text) {
            flags.profile.id_mode = text == "64bit"        ? load::IdMode::k64Bit
                                    : text == "sequential" ? load::IdMode::kSequential
                                                           : load::IdMode::kRandom;
          },
          "Ids: random, 64bit (upper half zero) or sequential")
      ->check(CLI::IsMember({"random", "64bit", "sequential"}))
      ->group(group);
}

void AddFaults(CLI::App& command, LoadFlags& flags) {
  const std::string group = "Faults (shares are of 1)";
  const auto share = [&](const std::string& name, double& value, const std::string& text) {
    command.add_option(name, value, text)
        ->capture_default_str()
        ->check(CLI::Range(0.0, 1.0))
        ->group(group);
  };
  share("--late", flags.profile.late_share, "Spans that come 5 to 60 s late");
  share("--missing", flags.profile.missing_share, "Spans that never come");
  share("--errors", flags.profile.error_share, "Spans that fail, with a stack trace");
  share("--retry-duplicates", flags.profile.duplicate_share, "Bodies that are sent twice");
  command
      .add_option_function<std::string>(
          "--clock-skew",
          [&flags](const std::string& text) {
            flags.profile.clock_skew_ns = serve::ParseGoDuration(text).value();
          },
          "How far a host's clock may be off, such as 50ms (1ms)")
      ->check(CLI::Validator(CheckDuration, "DURATION"))
      ->group(group);
}

void AddWhere(CLI::App& command, LoadFlags& flags) {
  const std::string group = "Where to";
  command
      .add_option("--endpoint", flags.endpoint,
                  "The receiver (http://127.0.0.1:4317, or :4318 with --protocol http)")
      ->group(group);
  command
      .add_option_function<std::string>(
          "--protocol",
          [&flags](const std::string& text) {
            flags.sender.destination.protocol =
                text == "http" ? load::Protocol::kHttp : load::Protocol::kGrpc;
          },
          "OTLP over grpc, or http with protobuf (grpc)")
      ->check(CLI::IsMember({"grpc", "http"}))
      ->group(group);
  command
      .add_option("--tenant", flags.tenant,
                  "Whose spans they are, where the server tells tenants apart by X-Scope-OrgID")
      ->group(group);
  command
      .add_option("--rate", flags.rate,
                  "Spans a second, sent when a real exporter would; 0: all out")
      ->capture_default_str()
      ->check(CLI::Range(0.0, kMaxRate))
      ->group(group);
  command.add_option("--connections", flags.sender.connections, "Connections")
      ->capture_default_str()
      ->check(CLI::Range(1u, 1024u))
      ->group(group);
  command
      .add_option("--in-flight", flags.sender.in_flight,
                  "Requests at once on a gRPC connection; HTTP/1.1 has one")
      ->capture_default_str()
      ->check(CLI::Range(1u, 100u))
      ->group(group);
  command
      .add_option_function<std::string>(
          "--give-up-after",
          [&flags](const std::string& text) {
            flags.sender.give_up_after =
                std::chrono::nanoseconds(serve::ParseGoDuration(text).value());
          },
          "How long one body is tried again while the server says later (120s)")
      ->check(CLI::Validator(CheckDuration, "DURATION"))
      ->group(group);
  AddClientTls(command, flags.sender.client);
  command.add_flag("--dry-run", flags.dry_run, "Make the load and send it nowhere")->group(group);
}

void AddAfterwards(CLI::App& command, LoadFlags& flags) {
  const std::string group = "Afterwards";
  command.add_flag("--verify", flags.verify, "Read every trace back and compare span by span")
      ->group(group);
  command
      .add_flag("--verify-only", flags.verify_only,
                "Send nothing, compare with what was sent before: needs the same flags and --start")
      ->group(group);
  command
      .add_option("--verify-traces", flags.verify_traces, "Compare so many traces, spread evenly")
      ->group(group);
  command.add_option("--api", flags.api, "The query API, for --verify")
      ->capture_default_str()
      ->group(group);
  command.add_flag("!--no-floor", flags.floor, "Do not compute the entropy floor")->group(group);
  command.add_flag("--json", flags.json, "The report as one JSON object")->group(group);
  command.add_flag("--quiet", flags.quiet, "No progress bar")->group(group);
}

}  // namespace

void AddLoadCommand(CLI::App& app, int& exit_code) {
  auto flags = std::make_shared<LoadFlags>();
  flags->profile = load::FindProfile(flags->profile_name).value();
  CLI::App* const command =
      app.add_subcommand("load", "Send generated traces, and check that all of them arrive");
  command->description(
      "Send generated traces, as fast as the server takes them or at a rate, and say how it went.\n"
      "The same seed, start and flags make the same bytes, so --verify can tell span by span what\n"
      "a server lost or changed; the exit code is 1 if it did.");
  AddWhat(*command, *flags);
  AddFaults(*command, *flags);
  AddWhere(*command, *flags);
  AddAfterwards(*command, *flags);
  command->callback([flags, &exit_code] {
    const base::Result<bool> ran = Run(*flags);
    if (!ran.ok()) std::fprintf(stderr, "clew load: %s\n", ran.error().message.c_str());
    if (!ran.ok() || !ran.value()) exit_code = 1;
  });
}

}  // namespace clew
