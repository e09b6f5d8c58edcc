// SPDX-License-Identifier: Apache-2.0
// Batches are built with the classes that thrift generates.
#include "wire/jaeger_thrift_scan.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>

#include "base/test_effort.h"
#include "wire/jaeger_batch_fixture.h"
#include "wire/jaeger_thrift_writer.h"
#include "wire/limits.h"
#include "wire/otlp_writer.h"
#include "wire/span_transcript.h"

namespace clew::wire {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string Scanned(const std::string& bytes) {
  return TranscriptOf(ScanJaegerThrift, bytes);
}

std::string ScannedSpan(const jaeger::Span& span) {
  return Scanned(Encode(BatchOf({span})));
}

// The first numbers of the status: "code 'message'", and the attributes left.
struct Outcome {
  std::string kind;
  std::string status;
  std::string attributes;
};
bool operator==(const Outcome& a, const Outcome& b) {
  return a.kind == b.kind && a.status == b.status && a.attributes == b.attributes;
}
void PrintTo(const Outcome& o, std::ostream* out) {
  *out << o.kind << " | " << o.status << " | " << o.attributes;
}

class OutcomeSink final : public model::SpanSink {
 public:
  void OnResource(const model::ResourceView&) override {}
  void OnScope(const model::ScopeView&) override {}
  void OnSpan(const model::SpanView& span) override {
    in_span_ = true;
    outcome.kind = std::to_string(static_cast<int>(span.kind));
    outcome.status =
        std::to_string(static_cast<int>(span.status_code)) + " " + std::string(span.status_message);
  }
  void OnEvent(const model::EventView&) override {}
  void OnLink(const model::LinkView&) override {}
  void OnAttribute(std::string_view key, const model::ValueView&) override {
    if (in_span_) outcome.attributes += std::string(key) + ";";
  }
  void OnRejectedSpan(model::RejectReason) override { outcome.status = "rejected"; }

  Outcome outcome;

 private:
  bool in_span_ = false;
};

Outcome OutcomeOf(const std::vector<jaeger::Tag>& tags) {
  jaeger::Span span = Span();
  span.__set_tags(tags);
  OutcomeSink sink;
  EXPECT_TRUE(ScanJaegerThrift(Encode(BatchOf({span})), sink).ok());
  return sink.outcome;
}

TEST(JaegerStatus, ComesFromTagsByTheRulesInOrder) {
  const auto error = Flag("error", true);
  const auto description = Text("otel.status_description", "d");
  const auto http_message = Text("http.status_message", "h");
  const auto code = [](const char* name) { return Text("otel.status_code", name); };
  const auto http = [](int64_t number) { return Number("http.status_code", number); };
  const auto server = Text("span.kind", "server");
  const auto client = Text("span.kind", "client");

  EXPECT_EQ(OutcomeOf({}), (Outcome{"0", "0 ", ""}));
  // 1: the error tag.
  EXPECT_EQ(OutcomeOf({error}), (Outcome{"0", "2 ", ""}));
  EXPECT_EQ(OutcomeOf({error, description, http_message}),
            (Outcome{"0", "2 d", "http.status_message;"}));
  EXPECT_EQ(OutcomeOf({error, http_message}), (Outcome{"0", "2 h", "http.status_message;"}));
  EXPECT_EQ(OutcomeOf({Flag("error", false)}), (Outcome{"0", "0 ", "error;"}));
  EXPECT_EQ(OutcomeOf({Text("error", "true")}), (Outcome{"0", "0 ", "error;"}));
  // 2: otel.status_code.
  EXPECT_EQ(OutcomeOf({code("OK"), description}), (Outcome{"0", "1 d", ""}));
  EXPECT_EQ(OutcomeOf({code("eRRor")}), (Outcome{"0", "2 ", ""}));
  EXPECT_EQ(OutcomeOf({code("what"), http(500)}), (Outcome{"0", "0 ", "http.status_code;"}));
  EXPECT_EQ(OutcomeOf({error, code("OK")}), (Outcome{"0", "2 ", ""}));
  EXPECT_EQ(OutcomeOf({Text("error", "true"), code("OK")}), (Outcome{"0", "1 ", "error;"}));
  // 3: http.status_code.
  EXPECT_EQ(OutcomeOf({http(99)}).status, "2 ");
  EXPECT_EQ(OutcomeOf({http(100)}).status, "0 ");
  EXPECT_EQ(OutcomeOf({http(399), http_message}).status, "0 ");
  EXPECT_EQ(OutcomeOf({http(404), server}), (Outcome{"2", "0 ", "http.status_code;"}));
  EXPECT_EQ(OutcomeOf({http(404), client, http_message}),
            (Outcome{"3", "2 h", "http.status_code;http.status_message;"}));
  EXPECT_EQ(OutcomeOf({http(404)}).status, "2 ");
  EXPECT_EQ(OutcomeOf({http(500), server}).status, "2 ");
  EXPECT_EQ(OutcomeOf({Text("http.status_code", "503")}).status, "2 ");
  EXPECT_EQ(OutcomeOf({Text("http.status_code", "5xx")}).status, "0 ");
  EXPECT_EQ(OutcomeOf({description}), (Outcome{"0", "0 ", "otel.status_description;"}));
}

TEST(JaegerStatus, TakesTheKindFromItsTag) {
  const auto kind = [](const char* name) { return OutcomeOf({Text("span.kind", name)}); };
  EXPECT_EQ(kind("internal"), (Outcome{"1", "0 ", ""}));
  EXPECT_EQ(kind("server"), (Outcome{"2", "0 ", ""}));
  EXPECT_EQ(kind("client"), (Outcome{"3", "0 ", ""}));
  EXPECT_EQ(kind("producer"), (Outcome{"4", "0 ", ""}));
  EXPECT_EQ(kind("consumer"), (Outcome{"5", "0 ", ""}));
  EXPECT_EQ(kind("Server"), (Outcome{"0", "0 ", ""}));
}

TEST(JaegerThriftScan, TranslatesABatch) {
  jaeger::Span span = Span();
  span.traceIdHigh = -1;
  span.parentSpanId = 9;
  span.__set_tags({Text("a", "b"), Text("otel.library.name", "lib")});
  jaeger::Log log;
  log.timestamp = 5;
  log.fields = {Text("event", "e"), Number("k", 7)};
  span.__set_logs({log});
  jaeger::Batch batch = BatchOf({span});
  batch.process.__set_tags({Text("hostname", "h"), Text("jaeger.version", "Go-2"), Text("x", "y")});
  batch.__set_seqNo(1);

  EXPECT_EQ(Scanned(Encode(batch)),
            "resource '' 0\n"
            "attribute 'service.name' 1 0 0 0 'shop'\n"
            "attribute 'host.name' 1 0 0 0 'h'\n"
            "attribute 'opencensus.exporterversion' 1 0 0 0 'Jaeger-Go-2'\n"
            "attribute 'x' 1 0 0 0 'y'\n"
            "scope '' '' '' 0\n"
            "span ffffffffffffffff0000000000000001 0000000000000002 0000000000000009 '' 'n' 0 "
            "3000 7000 0 '' 0 0 0 0\n"
            "attribute 'a' 1 0 0 0 'b'\n"
            "attribute 'otel.library.name' 1 0 0 0 'lib'\n"
            "event 5000 'e' 0\n"
            "attribute 'k' 3 0 7 0 ''\n");
}

TEST(JaegerThriftScan, KeepsTheHostNameThatIsThere) {
  jaeger::Batch batch = BatchOf({});
  batch.process.__set_tags({Text("hostname", "a"), Text("host.name", "b")});
  EXPECT_THAT(Scanned(Encode(batch)),
              HasSubstr("'hostname' 1 0 0 0 'a'\nattribute 'host.name' 1 0 0 0 'b'"));
}

TEST(JaegerThriftScan, GivesNoServiceNameWhereThereIsNone) {
  jaeger::Batch batch = BatchOf({});
  for (const char* const none : {"OTLPResourceNoServiceName", ""}) {
    batch.process.serviceName = none;
    EXPECT_EQ(Scanned(Encode(batch)), "resource '' 0\nscope '' '' '' 0\n");
  }
}

std::string ParentAndLinks(const std::vector<jaeger::SpanRef>& references, int64_t parent) {
  jaeger::Span span = Span();
  span.parentSpanId = parent;
  span.__set_references(references);
  const std::string text = ScannedSpan(span);
  const std::string marker = " 0000000000000002 ";
  return text.substr(text.find(marker) + marker.size() + 15);
}

TEST(JaegerThriftScan, FindsTheParentAmongReferences) {
  constexpr auto kChild = jaeger::SpanRefType::CHILD_OF;
  constexpr auto kFollows = jaeger::SpanRefType::FOLLOWS_FROM;
  const std::string rest = " '' 'n' 0 3000 7000 0 '' 0 0 0 0\n";
  const std::string link5 = "link 00000000000000000000000000000001 0000000000000005 '' 0 0\n";
  const std::string other = "link 00000000000000000000000000000008 0000000000000005 '' 0 0\n";
  const std::string child = "attribute 'opentracing.ref_type' 1 0 0 0 'child_of'\n";
  const std::string follows = "attribute 'opentracing.ref_type' 1 0 0 0 'follows_from'\n";

  EXPECT_EQ(ParentAndLinks({Ref(kChild, 1, 5)}, 0), "5" + rest);
  EXPECT_EQ(ParentAndLinks({Ref(kFollows, 1, 5)}, 0), "5" + rest + link5 + follows);
  EXPECT_EQ(ParentAndLinks({Ref(kFollows, 1, 5), Ref(kChild, 1, 6)}, 0),
            "6" + rest + link5 + follows);
  EXPECT_EQ(ParentAndLinks({Ref(kChild, 8, 5)}, 0), "0" + rest + other + child);
  EXPECT_EQ(ParentAndLinks({Ref(kChild, 1, 7), Ref(kChild, 1, 5)}, 7), "7" + rest + link5 + child);
}

// Few are kept while the span is read and many are not; a span after it has none of them.
TEST(JaegerThriftScan, ReadsHoweverManyTags) {
  for (const int count : {0, 1, kMaxReadTags, kMaxReadTags + 1}) {
    std::vector<jaeger::Tag> tags;
    tags.reserve(static_cast<size_t>(count));
    for (int i = 0; i < count; ++i) tags.push_back(Text("k" + std::to_string(i), "v"));
    jaeger::Span span = Span();
    span.__set_tags(tags);
    OutcomeSink sink;
    ASSERT_TRUE(ScanJaegerThrift(Encode(BatchOf({span, Span()})), sink).ok());
    EXPECT_EQ(std::ranges::count(sink.outcome.attributes, ';'), count);
  }
}

TEST(JaegerThriftScan, DropsBlankSpansAndRejectsThoseWithoutIds) {
  EXPECT_THAT(ScannedSpan(jaeger::Span()), Not(HasSubstr("rejected")));
  jaeger::Span span = Span();
  span.traceIdLow = 0;
  EXPECT_THAT(ScannedSpan(span), HasSubstr("rejected 0\n"));
  span = Span();
  span.spanId = 0;
  EXPECT_THAT(ScannedSpan(span), HasSubstr("rejected 1\n"));
}

TEST(JaegerThriftScan, RejectsTimesThatDoNotFitInNanoseconds) {
  jaeger::Span span = Span();
  span.startTime = INT64_MAX / 1000 + 1;
  EXPECT_THAT(ScannedSpan(span), HasSubstr("rejected 3\n"));
  span = Span();
  span.duration = INT64_MAX;
  EXPECT_THAT(ScannedSpan(span), HasSubstr("rejected 3\n"));
  span = Span();
  jaeger::Log log;
  log.timestamp = -1;
  span.__set_logs({log});
  EXPECT_THAT(ScannedSpan(span), HasSubstr("rejected 3\n"));
}

TEST(JaegerThriftScan, TakesTheProcessAfterTheSpans) {
  const std::string batch = Encode(BatchOf({Span()}));
  const std::string process = "\x0c" + std::string("\0\1", 2) + Encode(BatchOf({}).process);
  ASSERT_EQ(batch.substr(0, process.size()), process);
  const std::string spans = batch.substr(process.size(), batch.size() - process.size() - 1);
  EXPECT_EQ(Scanned(spans + process + std::string(1, '\0')), Scanned(batch));
}

TEST(JaegerThriftScan, RefusesEveryTruncatedBatch) {
  jaeger::Span span = Span();
  span.__set_tags({Text("a", "b"), Number("n", 1), Flag("f", true)});
  span.__set_references({Ref(jaeger::SpanRefType::CHILD_OF, 1, 5)});
  const std::string bytes = Encode(BatchOf({span, Span()}));
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THAT(Scanned(bytes.substr(0, size)), StartsWith("jaeger: ")) << size;
  }
}

TEST(JaegerThriftScan, ReservesNothingForACountItCannotHold) {
  EXPECT_EQ(Scanned(std::string("\x0f\0\2\x0c\x7f\xff\xff\xff", 8)),
            "jaeger: count beyond the end at byte 8");
  EXPECT_EQ(Scanned(std::string("\x0f\0\2\x0c\xff\xff\xff\xff", 8)),
            "jaeger: count beyond the end at byte 8");
}

TEST(JaegerThriftScan, RefusesDeepNesting) {
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += std::string("\x0c\0\x09", 3);
  EXPECT_THAT(Scanned(deep), StartsWith("jaeger: nested too deeply"));
}

TEST(JaegerThriftScan, SurvivesChangedBytes) {
  jaeger::Span span = Span();
  span.__set_tags({Text("a", "b"), Number("n", 1), Flag("error", true)});
  span.__set_references({Ref(jaeger::SpanRefType::CHILD_OF, 1, 5)});
  const std::string original = Encode(BatchOf({span, Span()}));
  std::mt19937 random(3);
  for (int round = 0; round < 20000; ++round) {
    std::string bytes = original;
    for (int i = 0; i < 3; ++i) bytes[random() % bytes.size()] = static_cast<char>(random());
    JaegerThriftWriter writer;
    if (!ScanJaegerThrift(bytes, writer).ok()) continue;
    SpanTranscript again;
    EXPECT_TRUE(ScanJaegerThrift(writer.Take().front(), again).ok());
  }
}

TEST(JaegerThriftWriter, WritesWhatGeneratedClassesRead) {
  JaegerThriftWriter writer;
  writer.OnResource({});
  writer.OnAttribute("service.name", model::ValueView::String("shop"));
  writer.OnAttribute("host.name", model::ValueView::String("h"));
  writer.OnScope({.name = "lib", .version = "1"});
  model::SpanView view;
  view.trace_id.bytes[0] = 0x80;
  view.trace_id.bytes[15] = 1;
  view.span_id.bytes[7] = 2;
  view.parent_span_id.bytes[7] = 3;
  view.name = "n";
  view.kind = model::SpanKind::kClient;
  view.start_unix_nano = 5'000'999;
  view.end_unix_nano = 7'000'000;
  view.status_code = model::StatusCode::kError;
  view.status_message = "why";
  writer.OnSpan(view);
  writer.OnAttribute("list", model::ValueView::Array(std::string_view("\x0a\x02\x18\x01", 4)));
  writer.OnEvent({.time_unix_nano = 6'000'000, .name = "e"});
  writer.OnLink({.trace_id = view.trace_id, .span_id = view.parent_span_id});
  const std::vector<std::string> batches = writer.Take();

  ASSERT_EQ(batches.size(), 1u);
  const auto batch = Decode<jaeger::Batch>(batches.front());
  EXPECT_EQ(batch.process.serviceName, "shop");
  EXPECT_THAT(batch.process.tags, testing::ElementsAre(Text("host.name", "h")));
  ASSERT_EQ(batch.spans.size(), 1u);
  const jaeger::Span& span = batch.spans.front();
  EXPECT_EQ(span.traceIdHigh, INT64_MIN);
  EXPECT_EQ(span.traceIdLow, 1);
  EXPECT_EQ(span.parentSpanId, 3);
  EXPECT_EQ(span.startTime, 5000);
  EXPECT_EQ(span.duration, 2000);
  EXPECT_THAT(span.tags, testing::UnorderedElementsAre(
                             Text("list", "[1]"), Text("otel.library.name", "lib"),
                             Text("otel.library.version", "1"), Text("span.kind", "client"),
                             Flag("error", true), Text("otel.status_description", "why")));
  ASSERT_EQ(span.logs.size(), 1u);
  EXPECT_EQ(span.logs[0].timestamp, 6000);
  EXPECT_THAT(span.logs[0].fields, testing::ElementsAre(Text("event", "e")));
  ASSERT_EQ(span.references.size(), 1u);
  EXPECT_EQ(span.references[0].refType, jaeger::SpanRefType::FOLLOWS_FROM);
  EXPECT_EQ(span.references[0].spanId, 3);
}

// Tags of the names that the translation knows, in any number, order and type.
std::vector<jaeger::Tag> RandomTags(std::minstd_rand& random) {
  static const std::vector<jaeger::Tag> known = {
      Flag("error", true),
      Flag("error", false),
      Text("error", "true"),
      Text("otel.status_code", "OK"),
      Text("otel.status_code", "ERROR"),
      Text("otel.status_code", "what"),
      Text("otel.status_description", "d"),
      Number("otel.status_description", 1),
      Number("http.status_code", 500),
      Text("http.status_code", "404"),
      Text("http.status_message", "h"),
      Text("span.kind", "server"),
      Text("span.kind", "what"),
  };
  std::vector<jaeger::Tag> tags;
  for (size_t left = random() % 6; left > 0; --left) tags.push_back(known[random() % known.size()]);
  return tags;
}

std::string Rewritten(const std::string& batch) {
  JaegerThriftWriter writer;
  EXPECT_TRUE(ScanJaegerThrift(batch, writer).ok());
  return writer.Take().front();
}

TEST(JaegerThriftWriter, KeepsKindAndStatusWhateverTheAttributesSay) {
  for (uint64_t seed = 0; seed < base::TestRounds(20'000, 200'000); ++seed) {
    std::minstd_rand random(static_cast<unsigned>(seed));
    jaeger::Span span = Span();
    span.__set_tags(RandomTags(random));
    const std::string told = Encode(BatchOf({span}));
    const std::string once = Rewritten(told);
    OutcomeSink before, after;
    ASSERT_TRUE(ScanJaegerThrift(told, before).ok());
    ASSERT_TRUE(ScanJaegerThrift(once, after).ok());
    ASSERT_EQ(after.outcome.status, before.outcome.status) << "seed " << seed;
    ASSERT_EQ(after.outcome.kind, before.outcome.kind) << "seed " << seed;
    ASSERT_EQ(Scanned(Rewritten(once)), Scanned(once)) << "seed " << seed;
  }
}

TEST(JaegerThriftWriter, WritesABatchForEachResource) {
  JaegerThriftWriter writer;
  writer.OnResource({});
  writer.OnAttribute("service.name", model::ValueView::String("a"));
  writer.OnResource({});
  const std::vector<std::string> batches = writer.Take();
  ASSERT_EQ(batches.size(), 2u);
  EXPECT_EQ(Decode<jaeger::Batch>(batches[0]).process.serviceName, "a");
  EXPECT_EQ(Decode<jaeger::Batch>(batches[1]).process.serviceName, "OTLPResourceNoServiceName");
}

}  // namespace
}  // namespace clew::wire
