// SPDX-License-Identifier: Apache-2.0
#include "wire/request_splitter.h"

#include <gmock/gmock.h>

#include "wire/otlp_json_scan.h"
#include "wire/otlp_scan.h"
#include "wire/random_request.h"
#include "wire/span_transcript.h"

namespace clew::wire {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::Le;

std::vector<EncodedRequest> Split(const std::string& request, RequestEncoding encoding,
                                  RequestSplitter::Limits limits) {
  std::vector<EncodedRequest> parts;
  RequestSplitter splitter(encoding, limits,
                           [&](EncodedRequest part) { parts.push_back(std::move(part)); });
  EXPECT_TRUE(ScanOtlp(request, splitter).ok());
  splitter.Finish();
  return parts;
}

std::string RequestOf(size_t spans, const std::string& name = "n") {
  OtlpWriter writer;
  writer.OnResource({.schema_url = "ru", .dropped_attributes_count = 1});
  writer.OnAttribute("service.name", model::ValueView::String("shop"));
  writer.OnScope({.name = "lib"});
  writer.OnAttribute("s", model::ValueView::Bool(true));
  for (size_t i = 0; i < spans; ++i) {
    model::SpanView span;
    span.name = name;
    span.trace_id.bytes[0] = span.span_id.bytes[0] = static_cast<uint8_t>(i + 1);
    writer.OnSpan(span);
    writer.OnEvent({.name = "e"});
    writer.OnAttribute("k", model::ValueView::Int(1));
  }
  return writer.Take();
}

std::vector<uint32_t> CountsOf(const std::vector<EncodedRequest>& parts) {
  std::vector<uint32_t> counts;
  counts.reserve(parts.size());
  for (const EncodedRequest& part : parts) counts.push_back(part.span_count);
  return counts;
}

TEST(RequestSplitter, SaysTheResourceAndScopeAgain) {
  const auto parts = Split(RequestOf(5), RequestEncoding::kProtobuf, {.spans = 2});
  ASSERT_THAT(CountsOf(parts), ElementsAre(2, 2, 1));
  SpanTranscript transcript;
  ASSERT_TRUE(ScanOtlp(parts[2].bytes, transcript).ok());
  EXPECT_EQ(
      transcript.text(),
      "resource 'ru' 1\nattribute 'service.name' 1 0 0 0 'shop'\n"
      "scope 'lib' '' '' 0\nattribute 's' 2 1 0 0 ''\n"
      "span 05000000000000000000000000000000 0500000000000000 0000000000000000 '' 'n' 0 0 0 0 "
      "'' 0 0 0 0\nevent 0 'e' 0\nattribute 'k' 3 0 1 0 ''\n");
}

TEST(RequestSplitter, EndsARequestOfTooManyBytes) {
  const auto parts =
      Split(RequestOf(6, std::string(1000, 'n')), RequestEncoding::kJson, {.bytes = 2000});
  EXPECT_THAT(CountsOf(parts), ElementsAre(2, 2, 2));
}

TEST(RequestSplitter, LeavesOutWhatHasNoSpans) {
  EXPECT_THAT(CountsOf(Split(RequestOf(0), RequestEncoding::kJson, {})), ElementsAre());
}

// Spans with all that is above them, one text each.
class SpansAlone final : public SpanTranscript {
 public:
  void OnResource(const model::ResourceView& resource) override {
    EndSpan();
    resource_ = scope_ = Written([&](SpanTranscript& out) { out.OnResource(resource); });
    head_ = &resource_;
  }
  void OnScope(const model::ScopeView& scope) override {
    EndSpan();
    scope_ = Written([&](SpanTranscript& out) { out.OnScope(scope); });
    head_ = &scope_;
  }
  void OnSpan(const model::SpanView& span) override {
    EndSpan();
    span_ = resource_ + scope_ + Written([&](SpanTranscript& out) { out.OnSpan(span); });
    head_ = &span_;
  }
  void OnEvent(const model::EventView& event) override {
    *head_ += Written([&](SpanTranscript& out) { out.OnEvent(event); });
  }
  void OnLink(const model::LinkView& link) override {
    *head_ += Written([&](SpanTranscript& out) { out.OnLink(link); });
  }
  void OnAttribute(std::string_view key, const model::ValueView& value) override {
    *head_ += Written([&](SpanTranscript& out) { out.OnAttribute(key, value); });
  }
  std::vector<std::string> Take() {
    EndSpan();
    return std::move(spans_);
  }

 private:
  template <typename Write>
  static std::string Written(Write write) {
    SpanTranscript transcript;
    write(transcript);
    return transcript.text();
  }
  void EndSpan() {
    if (!span_.empty()) spans_.push_back(std::move(span_));
    span_.clear();
  }

  std::string resource_, scope_, span_;
  std::string* head_ = nullptr;
  std::vector<std::string> spans_;
};

TEST(RequestSplitter, KeepsEverySpanAndAllThatIsKnownOfIt) {
  for (uint32_t seed = 0; seed < 300; ++seed) {
    const std::string request = RandomRequest(seed).Make().SerializeAsString();
    SpansAlone whole;
    ASSERT_TRUE(ScanOtlp(request, whole).ok());
    const std::vector<std::string> expected = whole.Take();

    const auto json = Split(request, RequestEncoding::kJson, {.spans = 3});
    EXPECT_THAT(CountsOf(json), Each(Le(3u)));
    SpansAlone from_json;
    for (const auto& part : json) ASSERT_TRUE(ScanOtlpJson(part.bytes, from_json).ok());
    ASSERT_EQ(from_json.Take(), expected) << seed;

    std::string joined;
    for (const auto& part : Split(request, RequestEncoding::kProtobuf, {.spans = 2})) {
      joined += part.bytes;
    }
    SpansAlone from_protobuf;
    ASSERT_TRUE(ScanOtlp(joined, from_protobuf).ok());
    ASSERT_EQ(from_protobuf.Take(), expected) << seed;
  }
}

}  // namespace
}  // namespace clew::wire
