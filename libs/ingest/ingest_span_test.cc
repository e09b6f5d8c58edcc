// SPDX-License-Identifier: Apache-2.0
#include "ingest/ingest_span.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "ingest/receivers_fixture.h"
#include "model/recording_tracer.h"

using testing::IsEmpty;
using testing::SizeIs;

namespace clew::ingest {
namespace {

using Span = model::RecordingTracer::Span;

class IngestSpanTest : public Receivers {
 protected:
  IngestSpanTest() { ingestor().set_tracer(tracer_); }
  // The span of a body: it has ended before the answer is given.
  Span SpanOf(const std::string& body) {
    (void)Await(Ingest(body, std::string(kSingleTenant)));
    EXPECT_THAT(tracer_.ended(), SizeIs(1));
    return tracer_.ended().at(0);
  }
  net::Task<bool> Ingest(std::string body, std::string tenant) {
    IngestRequest request{.format = wire::Format::kOtlpProtobuf,
                          .encoding = wire::ContentEncoding::kIdentity,
                          .body = std::move(body),
                          .tenant = std::move(tenant)};
    const IngestOutcome outcome = co_await ingestor().Ingest(loop(), std::move(request));
    co_return outcome.ok();
  }

  model::RecordingTracer tracer_;
};

TEST_F(IngestSpanTest, SaysHowABodyCameAndWhatWasTaken) {
  const Span span = SpanOf(GoodRequest());
  EXPECT_EQ(span.name, "ingest");
  EXPECT_EQ(span.kind, model::SpanKind::kConsumer);
  EXPECT_EQ(span.tenant, kSingleTenant);
  EXPECT_EQ(span.texts.at("clew.receiver"), "otlp_http");
  EXPECT_EQ(span.numbers.at("clew.received_bytes"), GoodRequest().size());
  EXPECT_EQ(span.numbers.at("clew.accepted_spans"), 1u);
  EXPECT_EQ(span.numbers.at("clew.rejected_spans"), 0u);
  EXPECT_EQ(span.error, "");
}

TEST_F(IngestSpanTest, ABodyThatIsRefusedIsAnError) {
  EXPECT_NE(SpanOf("no OTLP").error, "");
}

TEST_F(IngestSpanTest, TheTracersOwnBodiesAreNoSpans) {
  EXPECT_TRUE(Await(Ingest(GoodRequest(), std::string(model::RecordingTracer::kOwnTenant))));
  EXPECT_THAT(tracer_.ended(), IsEmpty());
}

}  // namespace
}  // namespace clew::ingest
