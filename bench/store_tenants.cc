// SPDX-License-Identifier: Apache-2.0
// What do many small tenants cost? Each sends a body of one span in turn, as fast as the
// store takes them or one turn in so many seconds; then the store is closed and started again.
//
//   bench_store_tenants TENANTS BODIES_OF_EACH DIRECTORY [SECONDS_OF_A_TURN]
//
// Prints `name value` lines; bench/store.py makes a table of them.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <semaphore>
#include <string>
#include <thread>
#include <utility>

#include "base/check.h"
#include "model/span_sink.h"
#include "store/trace_store.h"
#include "wire/otlp_writer.h"

namespace clew {
namespace {

using Steady = std::chrono::steady_clock;

constexpr int kInFlight = 512;

double SecondsSince(Steady::time_point begin) {
  return std::chrono::duration<double>(Steady::now() - begin).count();
}

uint64_t AnonymousKib() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    uint64_t kib = 0;
    if (word == "RssAnon:" && status >> kib) return kib;
  }
  return 0;
}

uint64_t OpenFiles() {
  const std::filesystem::directory_iterator files("/proc/self/fd");
  return static_cast<uint64_t>(std::distance(begin(files), end(files)));
}

// The span that a tenant sends in its turn.
std::string BodyOf(uint64_t tenant, uint64_t turn) {
  wire::OtlpWriter writer;
  writer.OnResource({});
  const std::string service = "service-" + std::to_string(tenant % 7);
  writer.OnAttribute("service.name", model::ValueView::String(service));
  writer.OnAttribute("service.instance.id", model::ValueView::String(std::to_string(tenant)));
  writer.OnScope({.name = "bench"});
  model::SpanView span;
  span.name = "GET /things";
  span.kind = model::SpanKind::kServer;
  for (size_t i = 0; i < 8; ++i) {
    span.trace_id.bytes[i] = static_cast<uint8_t>(tenant >> 8 * i);
    span.trace_id.bytes[8 + i] = static_cast<uint8_t>(turn >> 8 * i);
  }
  span.span_id.bytes[0] = 1;
  span.start_unix_nano =
      std::chrono::system_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
  span.end_unix_nano = span.start_unix_nano + 1'000'000;
  writer.OnSpan(span);
  writer.OnAttribute("http.request.method", model::ValueView::String("GET"));
  writer.OnAttribute("url.path", model::ValueView::String("/things/" + std::to_string(turn)));
  writer.OnAttribute("http.response.status_code", model::ValueView::Int(200));
  return writer.Take();
}

class Tenants {
 public:
  Tenants(uint64_t tenants, uint64_t turns, std::string directory, double seconds_of_turn)
      : tenants_(tenants),
        turns_(turns),
        seconds_of_turn_(seconds_of_turn),
        options_{.directory = std::move(directory)} {}

  void Run() {
    const auto store = Open();
    const Steady::time_point begin = Steady::now();
    for (uint64_t turn = 0; turn < turns_; ++turn) {
      for (uint64_t tenant = 0; tenant < tenants_; ++tenant) {
        Append(*store, "tenant-" + std::to_string(tenant), BodyOf(tenant, turn));
      }
      rss_kib_ = std::max(rss_kib_, AnonymousKib());
      open_files_ = std::max(open_files_, OpenFiles());
      const std::chrono::duration<double> due(seconds_of_turn_ * static_cast<double>(turn + 1));
      std::this_thread::sleep_until(begin + std::chrono::duration_cast<Steady::duration>(due));
    }
    for (int i = 0; i < kInFlight; ++i) room_.acquire();
    const double seconds = SecondsSince(begin);
    const uint64_t while_running = store->counters().flushes;
    const Steady::time_point flush_begin = Steady::now();
    CHECK(store->Flush().ok());
    const double flush_seconds = SecondsSince(flush_begin);
    rss_kib_ = std::max(rss_kib_, AnonymousKib());
    const store::TraceStore::Counters counters = store->counters();
    Line("spans_per_s", static_cast<double>(tenants_ * turns_) / seconds);
    Line("refused", static_cast<double>(refused_));
    Line("rss_mb", static_cast<double>(rss_kib_) / 1024);
    Line("open_files", static_cast<double>(open_files_));
    Line("blocks_written", static_cast<double>(while_running));
    Line("blocks_per_s", static_cast<double>(counters.flushes - while_running) / flush_seconds);
    store->Close();
    Line("merges", static_cast<double>(store->counters().merges));
  }

  void RunAgain() {
    const Steady::time_point begin = Steady::now();
    const auto store = Open();
    Line("restart_s", SecondsSince(begin));
    Line("restart_blocks", static_cast<double>(store->counters().blocks));
    Line("restart_rss_mb", static_cast<double>(AnonymousKib()) / 1024);
  }

 private:
  static void Line(const char* name, double value) { std::printf("%s %.3f\n", name, value); }

  std::unique_ptr<store::TraceStore> Open() const {
    auto store =
        store::TraceStore::Open(base::Storage::Local(), base::Clock::System(), options_).value();
    CHECK(store->Replay([](const store::ReplayProgress&) {}).ok());
    return store;
  }

  // Again when the store has no room.
  void Append(store::TraceStore& store, const std::string& tenant, const std::string& body) {
    while (true) {
      room_.acquire();
      refused_now_ = false;
      store.AppendAsync({.tenant = tenant,
                         .format = wire::Format::kOtlpProtobuf,
                         .encoding = wire::ContentEncoding::kIdentity,
                         .body = body,
                         .plain = body},
                        [this](const base::Result<store::Appended>& appended) {
                          if (!appended.ok()) refused_now_ = true;
                          room_.release();
                        });
      if (!refused_now_) return;  // It is said before AppendAsync returns.
      ++refused_;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }

  const uint64_t tenants_, turns_;
  const double seconds_of_turn_;
  const store::TraceStoreOptions options_;
  std::counting_semaphore<> room_{kInFlight};
  std::atomic<bool> refused_now_ = false;
  uint64_t refused_ = 0, rss_kib_ = 0, open_files_ = 0;
};

}  // namespace
}  // namespace clew

int main(int argc, char** argv) {
  if (argc != 4 && argc != 5) {
    std::fprintf(
        stderr,
        "usage: bench_store_tenants TENANTS BODIES_OF_EACH DIRECTORY [SECONDS_OF_A_TURN]\n");
    return 2;
  }
  clew::Tenants tenants(std::strtoull(argv[1], nullptr, 10), std::strtoull(argv[2], nullptr, 10),
                        argv[3], argc == 5 ? std::strtod(argv[4], nullptr) : 0);
  tenants.Run();
  tenants.RunAgain();
  return 0;
}
