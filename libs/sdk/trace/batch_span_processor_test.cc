// SPDX-License-Identifier: Apache-2.0

#include "opentelemetry/sdk/trace/batch_span_processor.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <vector>

#include "opentelemetry/exporters/otlp/otlp_grpc_exporter.h"
#include "opentelemetry/exporters/otlp/otlp_http_exporter.h"
#include "opentelemetry/sdk/trace/span_data.h"

namespace clew::sdk {
namespace {

using opentelemetry::sdk::common::ExportResult;
using opentelemetry::sdk::trace::BatchSpanProcessor;
using opentelemetry::sdk::trace::BatchSpanProcessorOptions;
using opentelemetry::sdk::trace::Recordable;
using opentelemetry::sdk::trace::SpanData;
using opentelemetry::sdk::trace::SpanExporter;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

// What an exporter was given, and a gate it stands still at while closed.
struct Gate {
  std::mutex mutex;
  std::condition_variable changed;
  bool open = true;
  bool entered = false;
  std::vector<size_t> batches;

  void Close() {
    const std::lock_guard lock(mutex);
    open = false;
  }
  void Open() {
    const std::lock_guard lock(mutex);
    open = true;
    changed.notify_all();
  }
  void AwaitEntry() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return entered; });
  }
  void AwaitBatches(size_t count) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return batches.size() >= count; });
  }
};

class GatedExporter final : public SpanExporter {
 public:
  explicit GatedExporter(std::shared_ptr<Gate> gate) : gate_(std::move(gate)) {}
  std::unique_ptr<Recordable> MakeRecordable() noexcept override {
    return std::make_unique<SpanData>();
  }
  ExportResult Export(const std::span<std::unique_ptr<Recordable>>& spans) noexcept override {
    std::unique_lock lock(gate_->mutex);
    gate_->entered = true;
    gate_->changed.notify_all();
    gate_->changed.wait(lock, [&] { return gate_->open; });
    gate_->batches.push_back(spans.size());
    gate_->changed.notify_all();
    return ExportResult::kSuccess;
  }
  bool Shutdown(std::chrono::microseconds) noexcept override { return true; }

 private:
  std::shared_ptr<Gate> gate_;
};

BatchSpanProcessorOptions OptionsWithoutTimer() {
  BatchSpanProcessorOptions options;
  options.schedule_delay_millis = hours(1);
  return options;
}

void EndSpans(BatchSpanProcessor& processor, int count) {
  for (int i = 0; i < count; ++i) processor.OnEnd(processor.MakeRecordable());
}

TEST(BatchSpanProcessor, ExportsWhatIsQueuedOnFlush) {
  const auto gate = std::make_shared<Gate>();
  BatchSpanProcessor processor(std::make_unique<GatedExporter>(gate), OptionsWithoutTimer());
  EndSpans(processor, 3);
  EXPECT_TRUE(processor.ForceFlush());
  EXPECT_EQ(gate->batches, std::vector<size_t>{3});
}

TEST(BatchSpanProcessor, ExportsWhenTheTimerIsDue) {
  const auto gate = std::make_shared<Gate>();
  BatchSpanProcessorOptions options;
  options.schedule_delay_millis = milliseconds(1);
  BatchSpanProcessor processor(std::make_unique<GatedExporter>(gate), options);
  EndSpans(processor, 1);
  gate->AwaitBatches(1);
}

TEST(BatchSpanProcessor, ExportsAFullBatchAtOnce) {
  const auto gate = std::make_shared<Gate>();
  BatchSpanProcessorOptions options = OptionsWithoutTimer();
  options.max_export_batch_size = 2;
  BatchSpanProcessor processor(std::make_unique<GatedExporter>(gate), options);
  EndSpans(processor, 2);
  gate->AwaitBatches(1);
  EXPECT_EQ(gate->batches.front(), 2u);
}

TEST(BatchSpanProcessor, DropsAndCountsTheNewestWhenTheQueueIsFull) {
  const auto gate = std::make_shared<Gate>();
  gate->Close();
  BatchSpanProcessorOptions options = OptionsWithoutTimer();
  options.max_queue_size = 4;
  options.max_export_batch_size = 1;
  BatchSpanProcessor processor(std::make_unique<GatedExporter>(gate), options);
  EndSpans(processor, 1);
  gate->AwaitEntry();  // One is being exported, four fit the queue.
  EndSpans(processor, 7);
  EXPECT_EQ(processor.dropped_spans(), 3u);
  gate->Open();
  EXPECT_TRUE(processor.ForceFlush());
  EXPECT_EQ(gate->batches.size(), 5u);
}

TEST(BatchSpanProcessor, DrainsOnShutdown) {
  const auto gate = std::make_shared<Gate>();
  BatchSpanProcessorOptions options = OptionsWithoutTimer();
  options.max_export_batch_size = 2;
  BatchSpanProcessor processor(std::make_unique<GatedExporter>(gate), options);
  EndSpans(processor, 5);
  EXPECT_TRUE(processor.Shutdown());
  size_t exported = 0;
  for (const size_t size : gate->batches) exported += size;
  EXPECT_EQ(exported, 5u);
  EndSpans(processor, 1);
  EXPECT_EQ(processor.dropped_spans(), 1u);
}

TEST(BatchSpanProcessor, GivesUpOnAnExporterThatHangs) {
  const auto gate = std::make_shared<Gate>();
  gate->Close();
  BatchSpanProcessor processor(std::make_unique<GatedExporter>(gate), OptionsWithoutTimer());
  EndSpans(processor, 1);
  EXPECT_FALSE(processor.ForceFlush(milliseconds(1)));
  EXPECT_FALSE(processor.Shutdown(milliseconds(1)));
  gate->Open();
}

// Nothing listens on port 1 of the loopback.
TEST(BatchSpanProcessor, IsNotHeldUpByACollectorThatIsNotThere) {
  opentelemetry::exporter::otlp::OtlpGrpcExporterOptions grpc;
  grpc.endpoint = "http://127.0.0.1:1";
  BatchSpanProcessor processor(
      std::make_unique<opentelemetry::exporter::otlp::OtlpGrpcExporter>(grpc),
      OptionsWithoutTimer());
  EndSpans(processor, 1);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_TRUE(processor.Shutdown(milliseconds(1000)));
  EXPECT_LT(std::chrono::steady_clock::now() - start, seconds(2));
  EXPECT_EQ(processor.dropped_spans(), 1u);
}

}  // namespace
}  // namespace clew::sdk
