// SPDX-License-Identifier: Apache-2.0
// What does a receiver cost its server? Makes all bodies of one format, encoding and size
// first, so that sending them takes this program as little time as can be; then obeys:
//
//   bench_ingest_client --format otlp_grpc --encoding gzip --spans 400000 --spans-per-body 500
//   scan                                        CPU of inflating and of checking these bodies
//   send --port 4317 --connections 8 --seconds 5
//
// It says "ready" when the bodies are made, and answers each line of its input with one line
// of JSON. bench/ingest.py makes a table of them.
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "bodies.h"
#include "sending.h"
#include "wire/json_writer.h"

namespace clew::bench {
namespace {

net::Task<void> RunAndStop(Sending& sending, net::EventLoop& loop) {
  co_await sending.Run();
  loop.Stop();
}

class Client {
 public:
  explicit Client(const BodyOptions& options) : options_(options), bodies_(MakeBodies(options)) {
    Say("ready");
  }

  // False when it does not understand.
  bool Obey(const std::string& line) {
    CLI::App app("A command of the client");
    app.require_subcommand(1);
    SendOptions send{.format = options_.format,
                     .encoding = options_.encoding,
                     .spans_per_body = options_.spans_per_body};
    app.add_subcommand("scan")->callback([this] { Scan(); });
    AddSend(*app.add_subcommand("send"), send);
    try {
      app.parse(line);
    } catch (const CLI::Error& error) {
      std::fprintf(stderr, "%s\n", error.what());
      return false;
    }
    return true;
  }

 private:
  static void Say(const std::string& line) {
    std::puts(line.c_str());
    std::fflush(stdout);
  }

  void AddSend(CLI::App& command, SendOptions& options) {
    const auto seconds = std::make_shared<double>(5);
    const auto spans = std::make_shared<uint64_t>(0);
    const auto rate = std::make_shared<double>(0);
    const auto delay = std::make_shared<int>(0);
    const auto pause = std::make_shared<int>(10'000);
    command.add_option("--port", options.port)->required();
    command.add_option("--connections", options.connections);
    command.add_option("--seconds", *seconds);
    command.add_option("--spans", *spans, "0: those that were made, once");
    command.add_option("--rate", *rate, "Spans a second");
    command.add_option("--longest-delay-ms", *delay);
    command.add_option("--longest-pause-ms", *pause);
    command.callback([=, this, &options] {
      options.duration = std::chrono::nanoseconds(static_cast<int64_t>(*seconds * 1e9));
      options.bodies = *spans == 0 ? bodies_.size() : *spans / options.spans_per_body;
      options.rate = *rate / options.spans_per_body;
      options.longest_delay = std::chrono::milliseconds(*delay);
      options.longest_pause = std::chrono::milliseconds(*pause);
      Send(options);
    });
  }

  void Send(const SendOptions& options) {
    net::EventLoop loop;
    Sending sending(loop, options, bodies_);
    loop.Spawn(RunAndStop(sending, loop));
    loop.Run();
    const SendCounts& counts = sending.counts();
    const auto milliseconds = [&](double share) {
      return static_cast<double>(counts.latency.Percentile(share)) * 1e-6;
    };
    const auto per_body = static_cast<uint64_t>(options_.spans_per_body);
    wire::JsonWriter out;
    out.BeginObject();
    out.NumberMember("requests", counts.acknowledged);
    out.NumberMember("spans", counts.acknowledged * per_body);
    out.NumberMember("bytes", counts.bytes);
    out.RealMember("seconds", counts.seconds);
    out.RealMember("p50_ms", milliseconds(0.5));
    out.RealMember("p99_ms", milliseconds(0.99));
    out.NumberMember("refused", counts.refused);
    out.NumberMember("dropped", counts.dropped);
    out.NumberMember("failed", counts.failed);
    out.TextMember("first_error", counts.first_error);
    out.EndObject();
    Say(out.Take());
  }

  void Scan() {
    const ScanCost cost = MeasureScan(bodies_, options_.format, options_.encoding);
    wire::JsonWriter out;
    out.BeginObject();
    out.NumberMember("spans", bodies_.size() * options_.spans_per_body);
    out.NumberMember("plain_bytes", cost.plain_bytes);
    out.RealMember("inflate_seconds", cost.inflate_seconds);
    out.RealMember("validate_seconds", cost.validate_seconds);
    out.EndObject();
    Say(out.Take());
  }

  const BodyOptions options_;
  std::vector<Body> bodies_;
};

int Main(int argc, char** argv) {
  BodyOptions options{.spans = 100'000};
  std::string format = "otlp_grpc", encoding = "none";
  CLI::App app("Sends bodies of one kind to a receiver and says how it went");
  app.add_option("--format", format)->check([](const std::string& name) {
    return FindBodyFormat(name) ? "" : "no such format";
  });
  app.add_option("--encoding", encoding)->check([](const std::string& name) {
    return FindBodyEncoding(name) ? "" : "no such encoding";
  });
  app.add_option("--spans", options.spans, "In all");
  app.add_option("--spans-per-body", options.spans_per_body)->check(CLI::PositiveNumber);
  app.add_option("--seed", options.seed);
  CLI11_PARSE(app, argc, argv);
  options.format = FindBodyFormat(format).value();
  options.encoding = FindBodyEncoding(encoding).value();
  signal(SIGPIPE, SIG_IGN);

  Client client(options);
  for (std::string line; std::getline(std::cin, line);) {
    if (!client.Obey(line)) return 2;
  }
  return 0;
}

}  // namespace
}  // namespace clew::bench

int main(int argc, char** argv) {
  return clew::bench::Main(argc, argv);
}
