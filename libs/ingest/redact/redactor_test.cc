// SPDX-License-Identifier: Apache-2.0
#include "ingest/redact/redactor.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "wire/otlp_json_writer.h"
#include "wire/otlp_scan.h"
#include "wire/otlp_writer.h"
#include "wire/random_request.h"
#include "wire/span_transcript.h"

namespace clew::ingest {
namespace {

using model::ValueView;
using testing::HasSubstr;
using testing::Not;

Redactor With(const std::vector<std::string>& rules) {
  return {RedactRules::Parse(rules).value(), KeyedHash("0123456789abcdef")};
}

std::string Transcript(wire::Format format, std::string_view body) {
  wire::AcceptedTranscript transcript;
  const base::Status status = wire::Scan(format, wire::kDecoderVersion, body, transcript);
  return status.ok() ? transcript.text() : status.error().message;
}

// What is told of a body after it was redacted.
std::string Redacted(const Redactor& redactor, wire::Format format, std::string_view body) {
  const base::Result<std::string> rewritten = redactor.Rewrite(format, body);
  if (!rewritten.ok()) return rewritten.error().message;
  return Transcript(wire::Format::kOtlpProtobuf, rewritten.value());
}

// A span with an attribute everywhere one may be, and values of all kinds.
std::string Request() {
  wire::OtlpWriter writer;
  writer.OnResource({});
  writer.OnAttribute("user", ValueView::String("of resource"));
  writer.OnScope({.name = "scope"});
  writer.OnAttribute("user", ValueView::String("of scope"));
  model::SpanView span;
  span.trace_id.bytes.back() = span.span_id.bytes.back() = 1;
  span.name = "work";
  writer.OnSpan(span);
  writer.OnAttribute("user", ValueView::String("42"));
  writer.OnAttribute("int", ValueView::Int(42));
  writer.OnAttribute("double", ValueView::Double(0.1));
  writer.OnAttribute("bool", ValueView::Bool(true));
  writer.OnAttribute("bytes", ValueView::Bytes("42"));
  writer.OnEvent({.name = "event"});
  writer.OnAttribute("user", ValueView::String("of event"));
  model::LinkView link;
  link.trace_id.bytes.back() = link.span_id.bytes.back() = 2;
  writer.OnLink(link);
  writer.OnAttribute("user", ValueView::String("of link"));
  return writer.Take();
}

TEST(Redactor, LeavesOutWhatARuleDrops) {
  const std::string all = Redacted(With({"drop:user"}), wire::Format::kOtlpProtobuf, Request());
  EXPECT_THAT(all, Not(HasSubstr("'user'")));
  EXPECT_THAT(all, HasSubstr("'int'"));
  const std::string one =
      Redacted(With({"drop:event.user"}), wire::Format::kOtlpProtobuf, Request());
  EXPECT_THAT(one, Not(HasSubstr("of event")));
  for (const char* kept : {"of resource", "of scope", "'42'", "of link"}) {
    EXPECT_THAT(one, HasSubstr(kept));
  }
}

TEST(Redactor, HashesEqualTextsOfAnyTypeAlike) {
  const Redactor redactor = With({"hash:span.*"});
  const std::string told = Redacted(redactor, wire::Format::kOtlpProtobuf, Request());
  const KeyedHash hash("0123456789abcdef");
  const auto attribute = [](const std::string& key, const std::string& value) {
    return HasSubstr("attribute '" + key + "' 1 0 0 0 '" + value + "'\n");
  };
  for (const char* key : {"user", "int", "bytes"}) {
    EXPECT_THAT(told, attribute(key, hash.Of("42")));
  }
  EXPECT_THAT(told, attribute("double", hash.Of("0.1")));
  EXPECT_THAT(told, attribute("bool", hash.Of("true")));
  EXPECT_THAT(told, attribute("user", "of link"));
}

TEST(Redactor, TheSameBodyGivesTheSameBytes) {
  const Redactor redactor = With({"hash:user", "drop:int"});
  EXPECT_EQ(redactor.Rewrite(wire::Format::kOtlpProtobuf, Request()).value(),
            redactor.Rewrite(wire::Format::kOtlpProtobuf, Request()).value());
}

// A rule that is about no attribute changes nothing that is told, in whatever format it came.
TEST(Redactor, KeepsAllElseOfAnyRequest) {
  const Redactor redactor = With({"drop:no.such.key", "hash:span.nor.this*"});
  for (uint32_t seed = 0; seed < 300; ++seed) {
    const std::string body = wire::RandomRequest(seed).Make().SerializeAsString();
    const std::string told = Transcript(wire::Format::kOtlpProtobuf, body);
    ASSERT_EQ(Redacted(redactor, wire::Format::kOtlpProtobuf, body), told) << seed;
    wire::OtlpJsonWriter json(wire::JsonDialect::kOtlp);
    ASSERT_TRUE(wire::ScanOtlp(body, json).ok());
    const std::string as_json = "{\"resourceSpans\":" + json.Take() + "}";
    ASSERT_EQ(Redacted(redactor, wire::Format::kOtlpJson, as_json),
              Transcript(wire::Format::kOtlpJson, as_json))
        << seed;
  }
}

struct Corpus {
  wire::Format format;
  const char* name;
};

class RedactorOfCorpus : public testing::TestWithParam<Corpus> {};

TEST_P(RedactorOfCorpus, KeepsAllElseAndLeavesNoAttributeIfToldSo) {
  const Redactor keeps = With({"drop:no.such.key"});
  const Redactor drops = With({"drop:*"});
  size_t attributes = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(CLEW_CORPUS "/") + GetParam().name)) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string body{std::istreambuf_iterator<char>(file), {}};
    const std::string told = Transcript(GetParam().format, body);
    EXPECT_EQ(Redacted(keeps, GetParam().format, body), told) << entry;
    EXPECT_THAT(Redacted(drops, GetParam().format, body), Not(HasSubstr("\nattribute"))) << entry;
    attributes += told.find("\nattribute") != std::string::npos;
  }
  EXPECT_GT(attributes, 0u);  // bodies of which something was to be seen
}

INSTANTIATE_TEST_SUITE_P(
    EveryFormat, RedactorOfCorpus,
    testing::Values(Corpus{wire::Format::kOtlpProtobuf, "otlp_scan_fuzz"},
                    Corpus{wire::Format::kOtlpJson, "otlp_json_scan_fuzz"},
                    Corpus{wire::Format::kJaegerThriftBinary, "jaeger_thrift_scan_fuzz"},
                    Corpus{wire::Format::kJaegerBinaryMessage, "jaeger_message_scan_fuzz"},
                    Corpus{wire::Format::kJaegerCompactMessage, "jaeger_message_scan_fuzz"},
                    Corpus{wire::Format::kJaegerProtobuf, "jaeger_proto_scan_fuzz"},
                    Corpus{wire::Format::kZipkinJson, "zipkin_json_scan_fuzz"},
                    Corpus{wire::Format::kZipkinProtobuf, "zipkin_proto_scan_fuzz"},
                    Corpus{wire::Format::kZipkinJsonV1, "zipkin_v1_json_scan_fuzz"},
                    Corpus{wire::Format::kZipkinThriftBinary, "zipkin_thrift_scan_fuzz"}),
    [](const auto& corpus) {
      return "Format" + std::to_string(static_cast<int>(corpus.param.format));
    });

}  // namespace
}  // namespace clew::ingest
