// SPDX-License-Identifier: Apache-2.0
#include "wire/otlp_json_writer.h"

#include <gmock/gmock.h>

#include "wire/value_json.h"

namespace clew::wire {
namespace {

using model::ValueView;

model::SpanView Span() {
  model::SpanView span;
  span.trace_id.bytes[15] = 1;
  span.span_id.bytes[7] = 2;
  return span;
}

TEST(OtlpJsonWriter, WritesAnEmptyArrayForNothing) {
  EXPECT_EQ(OtlpJsonWriter(JsonDialect::kTempo).Take(), "[]");
}

TEST(OtlpJsonWriter, WritesATraceAsTempoDoes) {
  OtlpJsonWriter writer(JsonDialect::kTempo);
  writer.OnResource({.schema_url = "ru"});
  writer.OnAttribute("service.name", ValueView::String("shop"));
  writer.OnScope({.name = "lib", .version = "1"});
  model::SpanView span = Span();
  span.parent_span_id.bytes[7] = 3;
  span.name = "GET \"/\"";
  span.kind = model::SpanKind::kServer;
  span.start_unix_nano = 1'700'000'000'000'000'000;
  span.end_unix_nano = 1'700'000'000'000'000'001;
  span.status_code = model::StatusCode::kError;
  span.status_message = "no";
  writer.OnSpan(span);
  writer.OnAttribute("n", ValueView::Int(-7));
  writer.OnAttribute("b", ValueView::Bool(false));
  writer.OnEvent({.time_unix_nano = 5, .name = "e"});
  writer.OnAttribute("d", ValueView::Double(0.5));
  writer.OnEvent({.time_unix_nano = 6});
  writer.OnLink({.trace_id = span.trace_id, .span_id = span.span_id});
  writer.OnSpan(Span());
  EXPECT_EQ(
      writer.Take(),
      R"([{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},)"
      R"("scopeSpans":[{"scope":{"name":"lib","version":"1"},"spans":[)"
      R"({"traceId":"AAAAAAAAAAAAAAAAAAAAAQ==","spanId":"AAAAAAAAAAI=",)"
      R"("parentSpanId":"AAAAAAAAAAM=","name":"GET \"/\"","kind":"SPAN_KIND_SERVER",)"
      R"("startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000000000000001",)"
      R"("status":{"message":"no","code":"STATUS_CODE_ERROR"},)"
      R"("attributes":[{"key":"n","value":{"intValue":"-7"}},{"key":"b","value":{"boolValue":false}}],)"
      R"("events":[{"timeUnixNano":"5","name":"e","attributes":[{"key":"d","value":{"doubleValue":0.5}}]},)"
      R"({"timeUnixNano":"6"}],)"
      R"("links":[{"traceId":"AAAAAAAAAAAAAAAAAAAAAQ==","spanId":"AAAAAAAAAAI="}]},)"
      R"({"traceId":"AAAAAAAAAAAAAAAAAAAAAQ==","spanId":"AAAAAAAAAAI=","status":{}}]}],)"
      R"("schemaUrl":"ru"}])");
}

TEST(OtlpJsonWriter, WritesIdsInHexAndEnumsAsNumbersForOtlp) {
  OtlpJsonWriter writer(JsonDialect::kOtlp);
  writer.OnResource({});
  writer.OnScope({});
  model::SpanView span = Span();
  span.kind = model::SpanKind::kServer;
  span.status_code = model::StatusCode::kError;
  writer.OnSpan(span);
  EXPECT_EQ(writer.Take(),
            R"([{"resource":{},"scopeSpans":[{"scope":{},"spans":[)"
            R"({"traceId":"00000000000000000000000000000001","spanId":"0000000000000002",)"
            R"("kind":2,"status":{"code":2}}]}]}])");
}

TEST(OtlpJsonWriter, WritesAnEnumWithoutANameAsANumber) {
  OtlpJsonWriter writer(JsonDialect::kTempo);
  writer.OnResource({});
  writer.OnScope({});
  model::SpanView span = Span();
  span.kind = static_cast<model::SpanKind>(77);
  writer.OnSpan(span);
  EXPECT_THAT(writer.Take(), testing::HasSubstr(R"("kind":77,)"));
}

TEST(OtlpJsonWriter, SeparatesResourcesAndScopes) {
  OtlpJsonWriter writer(JsonDialect::kTempo);
  writer.OnResource({});
  writer.OnScope({.name = "a"});
  writer.OnAttribute("k", ValueView::Bytes("\xff"));
  writer.OnSpan(Span());
  writer.OnScope({.name = "b"});
  writer.OnResource({});
  EXPECT_EQ(
      writer.Take(),
      R"([{"resource":{},"scopeSpans":[{"scope":{"name":"a","attributes":[{"key":"k","value":{"bytesValue":"/w=="}}]},)"
      R"("spans":[{"traceId":"AAAAAAAAAAAAAAAAAAAAAQ==","spanId":"AAAAAAAAAAI=","status":{}}]},)"
      R"({"scope":{"name":"b"}}]},{"resource":{}}])");
}

// An ArrayValue of "a", 1 and nothing.
constexpr std::string_view kArray("\x0a\x03\x0a\x01\x61\x0a\x02\x18\x01\x0a\x00", 11);

TEST(OtlpJsonWriter, DecodesArrays) {
  OtlpJsonWriter writer(JsonDialect::kTempo);
  writer.OnResource({});
  writer.OnAttribute("k", ValueView::Array(kArray));
  EXPECT_EQ(writer.Take(),
            R"([{"resource":{"attributes":[{"key":"k","value":{"arrayValue":{"values":[)"
            R"({"stringValue":"a"},{"intValue":"1"},{}]}}}]}}])");
}

TEST(ToPlainJson, DecodesArrays) {
  EXPECT_EQ(ToPlainJson(ValueView::Array(kArray)), R"(["a",1,null])");
}

std::string JsonText(std::string_view text) {
  JsonWriter out;
  out.String(text);
  return out.Take();
}

TEST(JsonWriter, EscapesWhatJsonForbids) {
  EXPECT_EQ(JsonText(std::string_view("a\"\\\n\x01\0z", 7)), R"("a\"\\\n\u0001\u0000z")");
}

// Plain characters are passed eight at a time.
TEST(JsonWriter, EscapesAtEveryPlaceOfALongText) {
  const std::pair<std::string, std::string> escapes[] = {
      {"\"", "\\\""},      {"\\", "\\\\"},           {"\n", "\\n"},
      {"\x1f", "\\u001f"}, {"\x7f", "\x7f"},         {std::string(1, '\0'), "\\u0000"},
      {" ", " "},          {"\xc3\xa9", "\xc3\xa9"}, {"\xc3", "\xef\xbf\xbd"}};
  for (const auto& [raw, escaped] : escapes) {
    for (size_t before = 0; before < 20; ++before) {
      std::string plain(before, '#'), written = "\"" + plain;
      plain.append(raw).append("]^_!~}[ 19");
      written.append(escaped).append("]^_!~}[ 19\"");
      EXPECT_EQ(JsonText(plain), written);
    }
  }
}

TEST(JsonWriter, ReplacesBytesThatAreNotUtf8) {
  EXPECT_EQ(JsonText("\xc3\xa4|\xe2\x82\xac|\xf0\x9f\x98\x80"),
            "\"\xc3\xa4|\xe2\x82\xac|\xf0\x9f\x98\x80\"");
  EXPECT_EQ(JsonText("a\xff|\xc0\xaf"), "\"a\xef\xbf\xbd|\xef\xbf\xbd\xef\xbf\xbd\"");
  EXPECT_EQ(JsonText("\xe2\x82"), "\"\xef\xbf\xbd\xef\xbf\xbd\"");
}

}  // namespace
}  // namespace clew::wire
