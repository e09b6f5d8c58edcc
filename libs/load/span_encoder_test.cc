// SPDX-License-Identifier: Apache-2.0
#include "load/span_encoder.h"

#include <gmock/gmock.h>

#include <string>

#include "load/exporter_schedule.h"
#include "wire/otlp_scan.h"
#include "wire/otlp_writer.h"

namespace clew::load {
namespace {

TraceGenerator Generator(double spans_per_second = 50'000) {
  return {
      FindProfile("web1").value(),
      {.seed = 11, .start_ns = 1'700'000'000'000'000'000, .spans_per_second = spans_per_second}};
}

// Counts what it is told.
class Counter final : public model::SpanSink {
 public:
  void OnResource(const model::ResourceView&) override { in_resource_ = true; }
  void OnScope(const model::ScopeView&) override { in_resource_ = false; }
  void OnSpan(const model::SpanView& span) override {
    ++spans;
    errors += span.status_code == model::StatusCode::kError;
    in_event_ = false;
    Close();
    open_ = 0;
  }
  void OnEvent(const model::EventView&) override {
    ++events;
    in_event_ = true;
  }
  void OnLink(const model::LinkView&) override { in_event_ = true; }
  void OnAttribute(std::string_view, const model::ValueView& value) override {
    resource_attributes += in_resource_;
    if (in_resource_ || in_event_) return;
    ++attributes;
    ++open_;
    arrays += value.type == model::ValueView::Type::kArray;
    nested += value.type == model::ValueView::Type::kKeyValueList;
  }
  void OnRejectedSpan(model::RejectReason) override { ADD_FAILURE() << "a span was rejected"; }
  void Close() {
    if (open_ < 0) return;
    least = std::min(least, open_);
    most = std::max(most, open_);
    open_ = -1;
  }

  int spans = 0, events = 0, errors = 0, attributes = 0, arrays = 0, nested = 0;
  int resource_attributes = 0, least = 1000, most = 0;

 private:
  bool in_resource_ = false, in_event_ = false;
  int open_ = -1;
};

TEST(SpanEncoder, WritesWhatTheOtlpWriterWrites) {
  const TraceGenerator generator = Generator();
  SpanEncoder encoder(generator);
  ExporterSchedule schedule(generator, 2000);
  base::ByteBuffer body;
  size_t bodies = 0;
  for (Batch batch = schedule.Next(); !batch.spans.empty(); batch = schedule.Next(), ++bodies) {
    encoder.EncodeBody(batch.spans, body);
    wire::OtlpWriter writer;
    ASSERT_TRUE(wire::ScanOtlp(body.view(), writer).ok());
    ASSERT_TRUE(writer.Take() == body.view()) << "body " << bodies;
  }
  EXPECT_GT(bodies, 100u);
}

TEST(SpanEncoder, KeepsTheAveragesOfTheProfile) {
  const TraceGenerator generator = Generator();
  SpanEncoder encoder(generator);
  ExporterSchedule schedule(generator, 30'000);
  base::ByteBuffer body;
  Counter counter;
  double resource_attributes = 0;
  size_t bytes = 0;
  for (Batch batch = schedule.Next(); !batch.spans.empty(); batch = schedule.Next()) {
    encoder.EncodeBody(batch.spans, body);
    bytes += body.size();
    const int before = counter.resource_attributes;
    ASSERT_TRUE(wire::ScanOtlp(body.view(), counter).ok());
    resource_attributes +=
        (counter.resource_attributes - before) * static_cast<double>(batch.spans.size());
  }
  counter.Close();
  const double spans = counter.spans;
  EXPECT_NEAR(counter.attributes / spans, 14, 14 * 0.02);
  EXPECT_NEAR(resource_attributes / spans, 13, 13 * 0.02);
  EXPECT_NEAR(counter.errors / spans, 0.01, 0.0015);
  EXPECT_EQ(counter.events, counter.errors);
  EXPECT_GE(counter.least, 8);
  EXPECT_LE(counter.most, 20);
  EXPECT_GT(counter.arrays, 0);
  EXPECT_GT(counter.nested, 0);
  EXPECT_GT(static_cast<double>(bytes) / spans, 450);
  EXPECT_LT(static_cast<double>(bytes) / spans, 650);
}

}  // namespace
}  // namespace clew::load
