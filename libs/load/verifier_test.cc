// SPDX-License-Identifier: Apache-2.0
#include "load/verifier.h"

#include <gmock/gmock.h>

#include "load/exporter_schedule.h"
#include "wire/otlp_scan.h"
#include "wire/protobuf_writer.h"

namespace clew::load {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class VerifierTest : public ::testing::Test {
 protected:
  static TraceGenerator Generator(uint64_t seed) {
    Profile profile = FindProfile("web1").value();
    profile.missing_share = 0;
    return {profile, {.seed = seed, .start_ns = 1'700'000'000'000'000'000}};
  }
  // Of trace 0, spread over bodies as it was sent.
  static std::vector<SpanText> Sent(const TraceGenerator& generator) {
    SpanEncoder encoder(generator);
    ExporterSchedule schedule(generator, 1);
    base::ByteBuffer body;
    SpanTexts texts;
    for (Batch batch = schedule.Next(); !batch.spans.empty(); batch = schedule.Next()) {
      encoder.EncodeBody(batch.spans, body);
      EXPECT_TRUE(wire::ScanOtlp(body.view(), texts).ok());
    }
    return texts.Take();
  }

  net::EventLoop loop_;
  TraceGenerator generator_ = Generator(5);
  Verifier verifier_{loop_, generator_, {.trace_count = 1}};
  std::vector<SpanText> sent_ = Sent(generator_);
};

TEST_F(VerifierTest, AcceptsWhatWasSent) {
  verifier_.Compare(0, sent_);
  EXPECT_TRUE(verifier_.verdict().ok());
  EXPECT_EQ(verifier_.verdict().spans, generator_.SpanCount(0));
}

TEST_F(VerifierTest, NamesAMissingSpan) {
  const std::string id = sent_[1].id.ToHex();
  sent_.erase(sent_.begin() + 1);
  verifier_.Compare(0, sent_);
  EXPECT_EQ(verifier_.verdict().missing_spans, 1u);
  EXPECT_THAT(verifier_.verdict().differences,
              ElementsAre(HasSubstr("span " + id + " is missing")));
}

TEST_F(VerifierTest, NamesASpanThatWasNotSent) {
  sent_.push_back(sent_.back());
  verifier_.Compare(0, sent_);
  EXPECT_EQ(verifier_.verdict().extra_spans, 1u);
  EXPECT_FALSE(verifier_.verdict().ok());
}

TEST_F(VerifierTest, NamesTheFirstChange) {
  std::string& text = sent_[0].text;
  text.replace(text.find("'production'"), 12, "'staging'");
  verifier_.Compare(0, sent_);
  EXPECT_EQ(verifier_.verdict().changed_spans, 1u);
  EXPECT_THAT(verifier_.verdict().differences,
              ElementsAre(::testing::AllOf(HasSubstr("production"), HasSubstr("staging"))));
}

TEST_F(VerifierTest, AnotherSeedMissesEverything) {
  verifier_.Compare(0, Sent(Generator(6)));
  EXPECT_EQ(verifier_.verdict().missing_spans, sent_.size());
  EXPECT_GT(verifier_.verdict().extra_spans, 0u);
}

TEST(SpanTexts, OrderOfAttributesMeansNothing) {
  const auto text_of = [](std::initializer_list<const char*> keys) {
    SpanTexts texts;
    texts.OnResource({});
    for (const char* key : keys) texts.OnAttribute(key, model::ValueView::Int(1));
    texts.OnScope({});
    model::SpanView span{};
    span.name = "a";
    texts.OnSpan(span);
    for (const char* key : keys) texts.OnAttribute(key, model::ValueView::Bool(true));
    return texts.Take();
  };
  EXPECT_EQ(text_of({"k", "l"}), text_of({"l", "k"}));
  EXPECT_NE(text_of({"k", "l"}), text_of({"k", "m"}));
}

}  // namespace
}  // namespace clew::load
