// SPDX-License-Identifier: Apache-2.0

#include <gmock/gmock.h>

#include "opentelemetry/sdk/trace/samplers/trace_id_ratio.h"
#include "opentelemetry/sdk/trace/simple_processor.h"
#include "opentelemetry/sdk/trace/tracer_provider.h"
#include "sdk/propagation/hex_ids.h"
#include "sdk/testing/memory_exporter.h"

namespace clew::sdk {
namespace {

namespace trace = opentelemetry::trace;
using opentelemetry::context::Context;
using opentelemetry::sdk::common::OwnedAttributeValue;
using opentelemetry::sdk::resource::Resource;
using opentelemetry::sdk::trace::AlwaysOnSampler;
using opentelemetry::sdk::trace::ParentBasedSampler;
using opentelemetry::sdk::trace::Sampler;
using opentelemetry::sdk::trace::SimpleSpanProcessor;
using opentelemetry::sdk::trace::SpanData;
using opentelemetry::sdk::trace::SpanLimits;
using opentelemetry::sdk::trace::TraceIdRatioBasedSampler;
using opentelemetry::sdk::trace::TracerProvider;
using ::testing::ElementsAre;
using ::testing::Pair;

class SpanTest : public ::testing::Test {
 protected:
  void UseSampler(std::unique_ptr<Sampler> sampler) {
    provider_ = std::make_shared<TracerProvider>(
        std::make_unique<SimpleSpanProcessor>(std::make_unique<MemoryExporter>(spans_)),
        Resource::GetEmpty(), std::move(sampler));
    tracer_ = provider_->GetTracer("test");
  }
  void SetUp() override {
    UseSampler(std::make_unique<ParentBasedSampler>(std::make_shared<AlwaysOnSampler>()));
  }

  std::shared_ptr<ExportedSpans> spans_ = std::make_shared<ExportedSpans>();
  std::shared_ptr<TracerProvider> provider_;
  std::shared_ptr<trace::Tracer> tracer_;
};

TEST_F(SpanTest, IsExportedOnceHoweverOftenItEnds) {
  const auto span = tracer_->StartSpan("a");
  EXPECT_TRUE(span->IsRecording());
  span->End();
  span->End();
  EXPECT_FALSE(span->IsRecording());
  EXPECT_EQ(spans_->size(), 1u);
}

TEST_F(SpanTest, IgnoresWhatComesAfterItsEnd) {
  const auto span = tracer_->StartSpan("a");
  span->End();
  span->SetAttribute("k", 1);
  span->AddEvent("late");
  span->UpdateName("b");
  EXPECT_TRUE(spans_->at(0).GetAttributes().empty());
  EXPECT_TRUE(spans_->at(0).GetEvents().empty());
  EXPECT_EQ(spans_->at(0).GetName(), "a");
}

TEST_F(SpanTest, EndsWithItsLastReference) {
  tracer_->StartSpan("a").reset();
  EXPECT_EQ(spans_->size(), 1u);
}

TEST_F(SpanTest, KeepsOkForEver) {
  const auto span = tracer_->StartSpan("a");
  span->SetStatus(trace::StatusCode::kError, "bad");
  span->SetStatus(trace::StatusCode::kUnset, "");
  span->SetStatus(trace::StatusCode::kOk, "dropped");
  span->SetStatus(trace::StatusCode::kError, "worse");
  span->End();
  EXPECT_EQ(spans_->at(0).GetStatus(), trace::StatusCode::kOk);
  EXPECT_EQ(spans_->at(0).GetDescription(), "");
}

TEST_F(SpanTest, OverwritesAnAttributeOfTheSameKey) {
  const auto span = tracer_->StartSpan("a", {{"k", 1}, {"", 2}});
  span->SetAttribute("k", "text");
  span->End();
  EXPECT_THAT(spans_->at(0).GetAttributes(),
              ElementsAre(Pair("k", OwnedAttributeValue(std::string("text")))));
}

TEST_F(SpanTest, CountsWhatIsOverItsLimits) {
  const auto span = tracer_->StartSpan("a");
  for (int i = 0; i < 130; ++i) {
    span->SetAttribute("k" + std::to_string(i), i);
    span->AddEvent("e");
    span->AddLink(span->GetContext(), {});
  }
  span->End();
  EXPECT_EQ(spans_->at(0).GetAttributes().size(), 128u);
  EXPECT_EQ(spans_->at(0).GetDroppedAttributesCount(), 2u);
  EXPECT_EQ(spans_->at(0).GetEvents().size(), 128u);
  EXPECT_EQ(spans_->at(0).GetDroppedEventsCount(), 2u);
  EXPECT_EQ(spans_->at(0).GetLinks().size(), 128u);
  EXPECT_EQ(spans_->at(0).GetDroppedLinksCount(), 2u);
}

TEST(SpanData, CutsLongTextBetweenCharacters) {
  SpanData span;
  SpanLimits limits;
  limits.attribute_value_length_limit = 2;
  span.SetLimits(limits);
  span.SetAttribute("k", "a\xC3\xA9");
  EXPECT_THAT(span.GetAttributes(), ElementsAre(Pair("k", OwnedAttributeValue(std::string("a")))));
}

TEST_F(SpanTest, IsTheChildOfTheSpanInTheContextGiven) {
  const auto parent = tracer_->StartSpan("parent");
  trace::StartSpanOptions options;
  options.parent = trace::SetSpan(Context(), parent);
  options.kind = trace::SpanKind::kServer;
  tracer_->StartSpan("child", options)->End();
  EXPECT_EQ(spans_->at(0).GetTraceId(), parent->GetContext().trace_id());
  EXPECT_EQ(spans_->at(0).GetParentSpanId(), parent->GetContext().span_id());
  EXPECT_FALSE(spans_->at(0).ParentIsRemote());
  EXPECT_EQ(spans_->at(0).GetSpanKind(), trace::SpanKind::kServer);
}

TEST_F(SpanTest, IsTheChildOfTheScopesSpan) {
  auto parent = tracer_->StartSpan("parent");
  {
    const trace::Scope scope(parent);
    tracer_->StartSpan("child")->End();
  }
  tracer_->StartSpan("root")->End();
  EXPECT_EQ(spans_->at(0).GetParentSpanId(), parent->GetContext().span_id());
  EXPECT_FALSE(spans_->at(1).GetParentSpanId().IsValid());
}

TEST_F(SpanTest, IsNotRecordedWhenTheRemoteParentWasNotSampled) {
  trace::StartSpanOptions options;
  options.parent =
      trace::SpanContext(*trace::propagation::ParseTraceId("1"),
                         *trace::propagation::ParseSpanId("2"), trace::TraceFlags(0), true);
  const auto span = tracer_->StartSpan("a", options);
  EXPECT_FALSE(span->IsRecording());
  EXPECT_FALSE(span->GetContext().IsSampled());
  EXPECT_EQ(trace::propagation::ToHex(span->GetContext().trace_id()),
            "00000000000000000000000000000001");
  span->End();
  EXPECT_EQ(spans_->size(), 0u);
}

TEST_F(SpanTest, IsNotRecordedAfterShutdown) {
  EXPECT_TRUE(provider_->Shutdown());
  tracer_->StartSpan("a")->End();
  EXPECT_EQ(spans_->size(), 0u);
}

TEST(TraceIdRatioBasedSampler, DecidesByTheLowEightBytes) {
  const auto is_kept = [](double ratio, const char* id) {
    return TraceIdRatioBasedSampler(ratio)
        .ShouldSample(trace::SpanContext::GetInvalid(), *trace::propagation::ParseTraceId(id), "",
                      trace::SpanKind::kInternal, opentelemetry::common::NoopKeyValueIterable(),
                      trace::NullSpanContext())
        .IsSampled();
  };
  EXPECT_TRUE(is_kept(1.0, "ffffffffffffffffffffffffffffffff"));
  EXPECT_FALSE(is_kept(0.0, "1"));
  EXPECT_TRUE(is_kept(0.5, "ffffffffffffffff7fffffffffffffff"));
  EXPECT_FALSE(is_kept(0.5, "00000000000000008000000000000000"));
  EXPECT_TRUE(is_kept(0.75, "00000000000000008000000000000000"));
}

}  // namespace
}  // namespace clew::sdk
