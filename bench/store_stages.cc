// SPDX-License-Identifier: Apache-2.0
// Where does the processor's time of a stored span go? The generator's default load is
// brought into blocks on one thread, stage by stage as the server does it: bodies are
// validated, hashed and appended to a write-ahead log that waits for no disk, scanned into
// memtables of 64 MiB, each of these sorted and encoded as a block, and all blocks merged
// into one, once with what is usual in it and once without.
//
//   bench_store_stages SPANS DIRECTORY
//
// Prints `name value` lines, in CPU nanoseconds a span; bench/store.py makes a table of them.
#include <time.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/storage.h"
#include "load/exporter_schedule.h"
#include "load/load_run.h"
#include "load/profile.h"
#include "load/span_encoder.h"
#include "objects/local_object_store.h"
#include "store/block.h"
#include "store/block_writer.h"
#include "store/memtable.h"
#include "store/memtable_input.h"
#include "store/merge_input.h"
#include "store/wal_writer.h"
#include "wire/body.h"

namespace clew {
namespace {

constexpr uint64_t kMemtableBytes = uint64_t{64} << 20;
constexpr std::string_view kTenant = "bench";
constexpr wire::Format kFormat = wire::Format::kOtlpProtobuf;

int64_t CpuNanos() {
  timespec now{};
  CHECK(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) == 0);
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

// Adds the time of its life to a stage.
class Stage {
 public:
  explicit Stage(int64_t& nanos) : nanos_(nanos), begin_(CpuNanos()) {}
  ~Stage() { nanos_ += CpuNanos() - begin_; }
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

 private:
  int64_t& nanos_;
  const int64_t begin_;
};

class Stages {
 public:
  Stages(uint64_t spans, const std::string& directory)
      : wanted_(spans),
        objects_(objects::LocalObjectStore::Open(base::Storage::Local(), directory).value()),
        wal_(base::Storage::Local(), {.directory = directory + "/wal"}) {
    CHECK(base::Storage::Local().MakeDirectories(directory + "/wal").ok());
  }

  void Run() {
    const load::TraceGenerator generator(load::FindProfile("web1").value(), {});
    load::SpanEncoder encoder(generator);
    load::ExporterSchedule schedule(generator, load::SizeOfSpans(generator, wanted_).traces);
    base::ByteBuffer body;
    for (load::Batch batch = schedule.Next(); !batch.spans.empty(); batch = schedule.Next()) {
      encoder.EncodeBody(batch.spans, body);
      Ingest(body.view());
    }
    Flush();
    const std::vector<std::shared_ptr<const store::Block>> blocks = std::exchange(blocks_, {});
    Merge(blocks, true, merge_);
    Merge(blocks, false, merge_without_usual_);
  }

  void Print() const {
    const auto line = [&](const char* name, int64_t value) {
      std::printf("%s %.1f\n", name, static_cast<double>(value) / static_cast<double>(spans_));
    };
    std::printf("spans %llu\n", static_cast<unsigned long long>(spans_));
    line("validate", validate_);
    line("wal", append_);
    line("scan", scan_);
    line("sort", sort_);
    line("encode", encode_);
    line("merge", merge_);
    line("merge_without_usual", merge_without_usual_);
    line("flushed_bytes", flushed_bytes_);
    line("merged_bytes", merged_bytes_);
    std::printf("usual_bytes %lld\n", static_cast<long long>(usual_bytes_));
  }

 private:
  void Ingest(std::string_view body) {
    {
      const Stage stage(validate_);
      CHECK(wire::Validate(kFormat, body).ok());
    }
    {
      const Stage stage(append_);
      Log(body);
    }
    {
      const Stage stage(scan_);
      CHECK(wire::Scan(kFormat, wire::kDecoderVersion, body, *memtable_).ok());
      memtable_->Publish(memtable_->FinishBody());
    }
    if (memtable_->size_bytes() >= kMemtableBytes) Flush();
  }

  void Log(std::string_view body) {
    CHECK(wal_.Append({.receive_time_unix_nano = base::Clock::System().UnixNanos(),
                       .body_hash = base::HashOf128(body),
                       .format = kFormat,
                       .encoding = wire::ContentEncoding::kIdentity,
                       .decoder_version = wire::kDecoderVersion,
                       .tenant = kTenant,
                       .body = body})
              .ok());
  }

  void Flush() {
    if (memtable_->published_rows() == 0) return;
    spans_ += memtable_->published_rows();
    std::unique_ptr<store::MemtableInput> input;
    {
      const Stage stage(sort_);
      input = std::make_unique<store::MemtableInput>(*memtable_);
    }
    {
      const Stage stage(encode_);
      flushed_bytes_ += Write(*input, parquet::Codec::kLz4Raw, false);
    }
    input.reset();
    memtable_ = std::make_unique<store::Memtable>();
  }

  void Merge(const std::vector<std::shared_ptr<const store::Block>>& blocks, bool with_usual_times,
             int64_t& nanos) {
    const Stage stage(nanos);
    auto input = store::MergeInput::Open(blocks).value();
    const int64_t bytes = Write(*input, parquet::Codec::kZstd, with_usual_times);
    if (!with_usual_times) return;
    merged_bytes_ = bytes;
    usual_bytes_ = static_cast<int64_t>(blocks_.back()->description().usual_times_bytes);
  }

  int64_t Write(store::BlockInput& input, parquet::Codec codec, bool with_usual_times) {
    const store::BlockWriterOptions options{.tenant = std::string(kTenant),
                                            .block_id = std::to_string(next_block_++),
                                            .codec = codec,
                                            .with_usual_times = with_usual_times};
    const store::WrittenBlock written =
        store::WriteBlock(input, names_, *objects_, options).value();
    blocks_.push_back(std::make_shared<store::Block>(*objects_, DescriptionOf(written, options)));
    int64_t bytes = 0;
    for (const store::WrittenObject& object : written.objects) {
      bytes += static_cast<int64_t>(object.size_bytes);
    }
    return bytes;
  }

  const uint64_t wanted_;
  const std::unique_ptr<objects::LocalObjectStore> objects_;
  store::WalWriter wal_;
  store::ColumnNames names_;
  std::unique_ptr<store::Memtable> memtable_ = std::make_unique<store::Memtable>();
  std::vector<std::shared_ptr<const store::Block>> blocks_;
  uint64_t next_block_ = 0, spans_ = 0;
  int64_t validate_ = 0, append_ = 0, scan_ = 0, sort_ = 0, encode_ = 0;  // CPU ns
  int64_t merge_ = 0, merge_without_usual_ = 0;
  int64_t flushed_bytes_ = 0, merged_bytes_ = 0, usual_bytes_ = 0;
};

}  // namespace
}  // namespace clew

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: bench_store_stages SPANS DIRECTORY\n");
    return 2;
  }
  clew::Stages stages(std::strtoull(argv[1], nullptr, 10), argv[2]);
  stages.Run();
  stages.Print();
  return 0;
}
