// SPDX-License-Identifier: Apache-2.0
// What does a span cost in the memtable, in time and in memory, by when a memtable is
// full? Batches as exporters send them, 500 spans of one process with 13 resource and
// 14 span attributes each, are scanned into one memtable until it holds 64 MiB; the
// 14 spans of a trace come from different processes. Validating the same batches, which
// reads all and stores nothing, is measured beside it: the rest is the memtable's own.
// Columns grow by doubling, so the bytes a span jump when they do: the least figure on
// the way is that of columns without room to spare, the last that of a full memtable.
//
// Prints `name value` lines; bench/memtable.py makes a table of them.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "base/clock.h"
#include "store/memtable.h"
#include "wire/body.h"
#include "wire/otlp_writer.h"

namespace clew::store {
namespace {

using model::ValueView;

constexpr uint64_t kFullBytes = uint64_t{64} << 20;
constexpr uint32_t kProcesses = 40;
constexpr uint32_t kSpansPerBatch = 500;
constexpr uint32_t kSpansPerTrace = 14;
// Traces of which every process has sent a batch when each has sent one.
constexpr uint32_t kTracesPerRound = kProcesses * kSpansPerBatch / kSpansPerTrace;

template <typename Id>
Id IdOf(uint64_t number) {
  // Multiplied by an odd constant, so that ids look random and differ.
  const uint64_t mixed = (number + 1) * 0x9e3779b97f4a7c15;
  Id id;
  for (size_t i = 0; i < 8; ++i) id.bytes[i] = static_cast<uint8_t>(mixed >> (8 * i));
  return id;
}

// Makes the batches of all processes in turn, the same in every run.
class Batches {
 public:
  std::string Next() {
    wire::OtlpWriter writer;
    WriteResource(batch_ % kProcesses, writer);
    writer.OnScope({.name = "io.opentelemetry.http", .version = "1.4.0"});
    for (uint32_t i = 0; i < kSpansPerBatch; ++i) WriteSpan(i, writer);
    ++batch_;
    return writer.Take();
  }

 private:
  // One of `count` different values, as likely as any other.
  uint32_t Pick(uint32_t count) { return static_cast<uint32_t>(random_() % count); }
  static std::string Numbered(const char* text, uint32_t number) {
    return text + std::to_string(number);
  }

  static void WriteResource(uint32_t process, model::SpanSink& sink) {
    const std::string service = Numbered("service-", process / 2);
    const std::string pod = Numbered("service-7d9f8b6c5-x2k", process);
    const std::string node = Numbered("ip-10-0-0-", process % 8);
    sink.OnResource({});
    const std::array<std::pair<const char*, std::string_view>, 13> attributes{{
        {"service.name", service},
        {"service.namespace", "shop"},
        {"service.version", "2.17.3"},
        {"service.instance.id", pod},
        {"deployment.environment", "production"},
        {"host.name", node},
        {"host.arch", "amd64"},
        {"os.type", "linux"},
        {"k8s.namespace.name", "shop"},
        {"k8s.pod.name", pod},
        {"telemetry.sdk.name", "opentelemetry"},
        {"telemetry.sdk.language", "go"},
        {"telemetry.sdk.version", "1.28.0"},
    }};
    for (const auto& [key, value] : attributes) sink.OnAttribute(key, ValueView::String(value));
  }

  void WriteSpan(uint32_t number, model::SpanSink& sink) {
    const uint32_t round = batch_ / kProcesses;
    const uint32_t place = batch_ % kProcesses * kSpansPerBatch + number;
    const uint64_t trace = uint64_t{round} * kTracesPerRound + place % kTracesPerRound;
    const int64_t start = 1'700'000'000'000'000'000 + int64_t{round} * 5'000'000'000 +
                          int64_t{Pick(5'000'000)} * 1000;
    const uint32_t route = Pick(40);
    sink.OnSpan({.trace_id = IdOf<model::TraceId>(trace),
                 .span_id = IdOf<model::SpanId>(++spans_),
                 .parent_span_id = IdOf<model::SpanId>(spans_ / 2),
                 .name = Numbered("GET /api/route-", route),
                 .kind = model::SpanKind::kServer,
                 .start_unix_nano = start,
                 .end_unix_nano = start + int64_t{Pick(500'000)} * 1000,
                 .flags = 257});
    WriteAttributes(route, sink);
  }

  void WriteAttributes(uint32_t route, model::SpanSink& sink) {
    static constexpr std::array<const char*, 4> kMethods{"GET", "POST", "PUT", "DELETE"};
    static constexpr std::array<int64_t, 6> kCodes{200, 201, 204, 400, 404, 500};
    const auto text = [&](const char* key, const std::string& value) {
      sink.OnAttribute(key, ValueView::String(value));
    };
    const auto number = [&](const char* key, int64_t value) {
      sink.OnAttribute(key, ValueView::Int(value));
    };
    text("http.request.method", kMethods[Pick(kMethods.size())]);
    text("http.route", Numbered("/api/route-", route));
    text("url.path", Numbered("/api/route/items/", Pick(100'000)));
    text("url.scheme", "https");
    text("server.address", Numbered("service-", Pick(20)));
    text("client.address", Numbered("10.1.0.", Pick(5000)));
    text("user_agent.original", Numbered("Mozilla/5.0 (X11; Linux x86_64) rv:", Pick(30)));
    text("network.protocol.version", "1.1");
    text("peer.service", Numbered("service-", Pick(20)));
    text("user.id", Numbered("user-", Pick(10'000)));
    number("http.response.status_code", kCodes[Pick(kCodes.size())]);
    number("server.port", 8080);
    number("thread.id", Pick(64));
    number("http.request.body.size", Pick(1 << 20));
  }

  std::mt19937_64 random_{1};
  uint32_t batch_ = 0;
  uint64_t spans_ = 0;
};

double BytesPerSpan(const Memtable& memtable) {
  return static_cast<double>(memtable.size_bytes()) / memtable.published_rows();
}

void Run() {
  const base::Clock& clock = base::Clock::System();
  Batches batches;
  Memtable memtable;
  int64_t validate_ns = 0;
  int64_t scan_ns = 0;
  double least_bytes_per_span = std::numeric_limits<double>::infinity();
  while (memtable.size_bytes() < kFullBytes) {
    const std::string body = batches.Next();
    const int64_t start = clock.MonotonicNanos();
    CHECK(wire::Validate(wire::Format::kOtlpProtobuf, body).ok());
    const int64_t validated = clock.MonotonicNanos();
    CHECK(wire::Scan(wire::Format::kOtlpProtobuf, wire::kDecoderVersion, body, memtable).ok());
    memtable.Publish(memtable.FinishBody());
    validate_ns += validated - start;
    scan_ns += clock.MonotonicNanos() - validated;
    least_bytes_per_span = std::min(least_bytes_per_span, BytesPerSpan(memtable));
  }
  const double spans = memtable.published_rows();
  std::printf("spans %.0f\n", spans);
  std::printf("ns_per_span %.1f\n", static_cast<double>(scan_ns) / spans);
  std::printf("validate_ns_per_span %.1f\n", static_cast<double>(validate_ns) / spans);
  std::printf("bytes_per_span %.1f\n", BytesPerSpan(memtable));
  std::printf("least_bytes_per_span %.1f\n", least_bytes_per_span);
}

}  // namespace
}  // namespace clew::store

int main() {
  clew::store::Run();
  return 0;
}
