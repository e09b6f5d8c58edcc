// SPDX-License-Identifier: Apache-2.0
// Requests are built with the classes that protoc generates.
#include "wire/jaeger_proto_scan.h"

#include <gmock/gmock.h>

#include <random>

#include "jaeger/api_v2/model.pb.h"
#include "wire/jaeger_batch_fixture.h"
#include "wire/jaeger_thrift_scan.h"
#include "wire/span_transcript.h"

namespace clew::wire {
namespace {

namespace proto = ::jaeger::api_v2;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::string kTrace = std::string(15, '\0') + '\1';

std::string SpanIdBytes(char last) {
  return std::string(7, '\0') + last;
}

proto::KeyValue TextTag(const std::string& key, const std::string& value) {
  proto::KeyValue tag;
  tag.set_key(key);
  tag.set_v_str(value);
  return tag;
}

proto::PostSpansRequest RequestOf(const std::vector<proto::Span>& spans) {
  proto::PostSpansRequest request;
  request.mutable_batch()->mutable_process()->set_service_name("shop");
  for (const proto::Span& span : spans) *request.mutable_batch()->add_spans() = span;
  return request;
}

proto::Span GoodSpan() {
  proto::Span span;
  span.set_trace_id(kTrace);
  span.set_span_id(SpanIdBytes(2));
  span.set_operation_name("n");
  span.mutable_start_time()->set_nanos(3000);
  span.mutable_duration()->set_nanos(4000);
  return span;
}

std::string Scanned(const proto::PostSpansRequest& request) {
  return TranscriptOf(ScanJaegerProto, request.SerializeAsString());
}

std::string ScannedSpan(const proto::Span& span) {
  return Scanned(RequestOf({span}));
}

const std::string kShop =
    "resource '' 0\n"
    "attribute 'service.name' 1 0 0 0 'shop'\n";
const std::string kNoScope = "scope '' '' '' 0\n";

// The line of GoodSpan, with another parent and trace state.
std::string SpanLine(const std::string& parent = "0000000000000000",
                     const std::string& trace_state = "") {
  return "span 00000000000000000000000000000001 0000000000000002 " + parent + " '" + trace_state +
         "' 'n' 0 3000 7000 0 '' 0 0 0 0\n";
}

TEST(JaegerProtoScan, TranslatesABatch) {
  proto::Span span = GoodSpan();
  span.set_trace_id(std::string(8, '\xff') + kTrace.substr(8));
  span.mutable_start_time()->set_seconds(1'700'000'000);
  span.mutable_start_time()->set_nanos(999'999'999);
  span.mutable_duration()->set_seconds(1);
  span.mutable_duration()->set_nanos(1);
  span.set_flags(1);
  span.set_process_id("p1");
  span.add_warnings("w");
  *span.add_tags() = TextTag("a", "b");
  proto::Log& log = *span.add_logs();
  log.mutable_timestamp()->set_nanos(5001);
  *log.add_fields() = TextTag("event", "e");
  *log.add_fields() = TextTag("k", "v");
  proto::PostSpansRequest request = RequestOf({span});
  proto::Process& process = *request.mutable_batch()->mutable_process();
  *process.add_tags() = TextTag("hostname", "h");
  *process.add_tags() = TextTag("jaeger.version", "Go-2");

  EXPECT_EQ(Scanned(request),
            kShop +
                "attribute 'host.name' 1 0 0 0 'h'\n"
                "attribute 'opencensus.exporterversion' 1 0 0 0 'Jaeger-Go-2'\n" +
                kNoScope +
                "span ffffffffffffffff0000000000000001 0000000000000002 0000000000000000 '' 'n' 0 "
                "1700000000999999999 1700000002000000000 0 '' 0 0 0 0\n"
                "attribute 'a' 1 0 0 0 'b'\n"
                "event 5001 'e' 0\n"
                "attribute 'k' 1 0 0 0 'v'\n");
}

TEST(JaegerProtoScan, ReadsTagsOfEveryType) {
  proto::KeyValue tag;
  tag.set_key("k");
  tag.set_v_str("s");
  tag.set_v_bool(true);
  tag.set_v_int64(-7);
  tag.set_v_float64(0.5);
  tag.set_v_binary("b");
  const auto scanned = [&](int type) {
    tag.set_v_type(static_cast<proto::ValueType>(type));
    proto::Span span = GoodSpan();
    *span.add_tags() = tag;
    const std::string text = ScannedSpan(span);
    return text.substr(text.rfind("attribute"));
  };
  EXPECT_EQ(scanned(proto::STRING), "attribute 'k' 1 0 0 0 's'\n");
  EXPECT_EQ(scanned(proto::BOOL), "attribute 'k' 2 1 0 0 ''\n");
  EXPECT_EQ(scanned(proto::INT64), "attribute 'k' 3 0 -7 0 ''\n");
  EXPECT_EQ(scanned(proto::FLOAT64), "attribute 'k' 4 0 0 4602678819172646912 ''\n");
  EXPECT_EQ(scanned(proto::BINARY), "attribute 'k' 7 0 0 0 'b'\n");
  EXPECT_EQ(scanned(5), "attribute 'k' 1 0 0 0 '<Unknown Jaeger TagType \"<UNSET>\">'\n");
}

TEST(JaegerProtoScan, MakesATagTheTraceState) {
  proto::Span span = GoodSpan();
  *span.add_tags() = TextTag("w3c.tracestate", "a=1");
  *span.add_tags() = TextTag("k", "v");
  EXPECT_EQ(ScannedSpan(span),
            kShop + kNoScope + SpanLine("0000000000000000", "a=1") + "attribute 'k' 1 0 0 0 'v'\n");
}

std::string ScopeAndTags(const std::vector<proto::KeyValue>& tags) {
  proto::Span span = GoodSpan();
  for (const proto::KeyValue& tag : tags) *span.add_tags() = tag;
  std::string text = ScannedSpan(span);
  text.erase(text.find(SpanLine()), SpanLine().size());
  return text.substr(kShop.size());
}

TEST(JaegerProtoScan, MakesTagsTheScope) {
  const auto name = TextTag("otel.scope.name", "n");
  const auto version = TextTag("otel.scope.version", "1");
  const auto former_name = TextTag("otel.library.name", "m");
  const auto former_version = TextTag("otel.library.version", "2");
  EXPECT_EQ(ScopeAndTags({name, version}), "scope 'n' '1' '' 0\n");
  EXPECT_EQ(ScopeAndTags({version, name}), "scope 'n' '1' '' 0\n");
  EXPECT_EQ(ScopeAndTags({name}), "scope 'n' '' '' 0\n");
  EXPECT_EQ(ScopeAndTags({former_version, former_name}), "scope 'm' '2' '' 0\n");
  EXPECT_EQ(ScopeAndTags({former_name, name}),
            "scope 'n' '' '' 0\nattribute 'otel.library.name' 1 0 0 0 'm'\n");
  EXPECT_EQ(ScopeAndTags({version}), kNoScope + "attribute 'otel.scope.version' 1 0 0 0 '1'\n");
}

TEST(JaegerProtoScan, AnnouncesAScopeWhereItIsAnother) {
  proto::Span first = GoodSpan();
  proto::Span second = GoodSpan();
  *second.add_tags() = TextTag("otel.scope.name", "s");
  EXPECT_EQ(Scanned(RequestOf({first, first, second, second, first})),
            kShop + kNoScope + SpanLine() + SpanLine() + "scope 's' '' '' 0\n" + SpanLine() +
                SpanLine() + kNoScope + SpanLine());
}

TEST(JaegerProtoScan, LetsAProcessOfTheSpanCountInsteadOfTheBatchs) {
  proto::Span own = GoodSpan();
  own.mutable_process()->set_service_name("own");
  proto::Span other = GoodSpan();
  other.mutable_process()->set_service_name("other");
  const auto resource = [](const std::string& name) {
    return "resource '' 0\nattribute 'service.name' 1 0 0 0 '" + name + "'\n" + kNoScope;
  };
  EXPECT_EQ(Scanned(RequestOf({own, GoodSpan(), own, other})),
            resource("shop") + SpanLine() + resource("own") + SpanLine() + SpanLine() +
                resource("other") + SpanLine());
  EXPECT_EQ(Scanned(RequestOf({own})), resource("own") + SpanLine());
}

TEST(JaegerProtoScan, GivesNoServiceNameWhereThereIsNone) {
  proto::PostSpansRequest request = RequestOf({GoodSpan()});
  const std::string expected = "resource '' 0\n" + kNoScope + SpanLine();
  request.mutable_batch()->mutable_process()->set_service_name("OTLPResourceNoServiceName");
  EXPECT_EQ(Scanned(request), expected);
  request.mutable_batch()->mutable_process()->clear_service_name();
  EXPECT_EQ(Scanned(request), expected);
  request.mutable_batch()->clear_process();
  EXPECT_EQ(Scanned(request), expected);
}

TEST(JaegerProtoScan, FindsTheParentAmongReferences) {
  proto::Span span = GoodSpan();
  const auto add = [&](proto::SpanRefType type, const std::string& trace_id, char span_id) {
    proto::SpanRef& reference = *span.add_references();
    reference.set_ref_type(type);
    reference.set_trace_id(trace_id);
    reference.set_span_id(SpanIdBytes(span_id));
  };
  add(proto::CHILD_OF, std::string(16, '\x0a'), 4);
  add(proto::FOLLOWS_FROM, kTrace, 5);
  add(proto::CHILD_OF, kTrace, 6);
  EXPECT_EQ(ScannedSpan(span), kShop + kNoScope + SpanLine("0000000000000006") +
                                   "link 0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a 0000000000000004 '' 0 0\n"
                                   "attribute 'opentracing.ref_type' 1 0 0 0 'child_of'\n"
                                   "link 00000000000000000000000000000001 0000000000000005 '' 0 0\n"
                                   "attribute 'opentracing.ref_type' 1 0 0 0 'follows_from'\n");
}

TEST(JaegerProtoScan, DropsBlankSpansAndRejectsThoseItCannotKeep) {
  EXPECT_THAT(ScannedSpan(proto::Span()), Not(HasSubstr("rejected")));
  proto::Span span = GoodSpan();
  span.set_trace_id(std::string(15, 'x'));
  EXPECT_THAT(ScannedSpan(span), HasSubstr("rejected 0\n"));
  span = GoodSpan();
  span.set_span_id("");
  EXPECT_THAT(ScannedSpan(span), HasSubstr("rejected 1\n"));
  span = GoodSpan();
  span.mutable_start_time()->set_seconds(INT64_MAX);
  EXPECT_THAT(ScannedSpan(span), HasSubstr("rejected 3\n"));
  span = GoodSpan();
  span.mutable_duration()->set_seconds(INT64_MAX);
  EXPECT_THAT(ScannedSpan(span), HasSubstr("rejected 3\n"));
  span = GoodSpan();
  span.add_logs()->mutable_timestamp()->set_seconds(-1);
  EXPECT_THAT(ScannedSpan(span), HasSubstr("rejected 3\n"));
}

TEST(JaegerProtoScan, TakesATraceIdOf64Bits) {
  proto::Span span = GoodSpan();
  span.set_trace_id(kTrace.substr(8));
  EXPECT_THAT(ScannedSpan(span), HasSubstr(SpanLine()));
}

TEST(JaegerProtoScan, TakesTheProcessAfterTheSpans) {
  const proto::PostSpansRequest request = RequestOf({GoodSpan()});
  proto::PostSpansRequest process;
  proto::PostSpansRequest spans = request;
  spans.mutable_batch()->clear_process();
  *process.mutable_batch()->mutable_process() = request.batch().process();
  const std::string batch = spans.batch().SerializeAsString() + process.batch().SerializeAsString();
  const std::string bytes = std::string("\x0a") + static_cast<char>(batch.size()) + batch;
  EXPECT_EQ(TranscriptOf(ScanJaegerProto, bytes), Scanned(request));
}

TEST(JaegerProtoScan, RefusesEveryTruncatedRequest) {
  proto::Span span = GoodSpan();
  *span.add_tags() = TextTag("a", "b");
  *span.add_logs()->add_fields() = TextTag("event", "e");
  span.add_references()->set_trace_id(kTrace);
  const std::string bytes = RequestOf({span, GoodSpan()}).SerializeAsString();
  for (size_t size = 1; size < bytes.size(); ++size) {
    EXPECT_THAT(TranscriptOf(ScanJaegerProto, bytes.substr(0, size)), StartsWith("jaeger: "));
  }
}

// A batch of thrift's classes in protobuf's.
proto::KeyValue Converted(const jaeger::Tag& tag) {
  proto::KeyValue converted;
  converted.set_key(tag.key);
  static constexpr proto::ValueType kTypes[] = {proto::STRING, proto::FLOAT64, proto::BOOL,
                                                proto::INT64, proto::BINARY};
  converted.set_v_type(kTypes[tag.vType]);
  converted.set_v_str(tag.vStr);
  converted.set_v_bool(tag.vBool);
  converted.set_v_int64(tag.vLong);
  return converted;
}

TEST(JaegerProtoScan, GivesKindAndStatusByTheRulesOfThrift) {
  const std::vector<jaeger::Tag> known = {
      Flag("error", true),
      Flag("error", false),
      Text("error", "true"),
      Text("otel.status_code", "OK"),
      Text("otel.status_code", "eRRor"),
      Text("otel.status_description", "d"),
      Number("http.status_code", 500),
      Text("http.status_code", "404"),
      Text("http.status_message", "h"),
      Text("span.kind", "server"),
      Text("span.kind", "what"),
  };
  std::minstd_rand random(1);
  for (int round = 0; round < 5000; ++round) {
    jaeger::Span thrift = Span();
    std::vector<jaeger::Tag> tags;
    proto::Span span = GoodSpan();
    for (size_t left = random() % 6; left > 0; --left) {
      tags.push_back(known[random() % known.size()]);
      *span.add_tags() = Converted(tags.back());
    }
    thrift.__set_tags(tags);
    ASSERT_EQ(ScannedSpan(span), TranscriptOf(ScanJaegerThrift, Encode(BatchOf({thrift}))));
  }
}

}  // namespace
}  // namespace clew::wire
