// SPDX-License-Identifier: Apache-2.0

#include "sdk/exporters/otlp_encoding.h"

#include <gmock/gmock.h>

#include <sstream>

#include "opentelemetry/sdk/trace/span_data.h"
#include "sdk/exporters/retry_info.h"
#include "sdk/propagation/hex_ids.h"
#include "wire/body.h"

namespace clew::sdk {
namespace {

namespace trace = opentelemetry::trace;
using opentelemetry::sdk::trace::Recordable;
using opentelemetry::sdk::trace::SpanData;

// Writes down what a reader of the bytes is told, one line for each call.
class Transcript final : public model::SpanSink {
 public:
  void OnResource(const model::ResourceView&) override { out << "resource\n"; }
  void OnScope(const model::ScopeView& scope) override {
    out << "scope " << scope.name << ' ' << scope.version << '\n';
  }
  void OnSpan(const model::SpanView& span) override {
    out << "span " << span.trace_id.ToHex() << ' ' << span.span_id.ToHex() << ' '
        << span.parent_span_id.ToHex() << ' ' << span.name << ' ' << static_cast<int>(span.kind)
        << ' ' << span.start_unix_nano << ' ' << span.end_unix_nano << ' '
        << static_cast<int>(span.status_code) << ' ' << span.status_message << ' ' << span.flags
        << ' ' << span.dropped_attributes_count << '\n';
  }
  void OnEvent(const model::EventView& event) override {
    out << "event " << event.time_unix_nano << ' ' << event.name << '\n';
  }
  void OnLink(const model::LinkView& link) override {
    out << "link " << link.span_id.ToHex() << ' ' << link.flags << '\n';
  }
  void OnAttribute(std::string_view key, const model::ValueView& value) override {
    out << key << '=' << static_cast<int>(value.type) << ' ' << value.boolean << ' '
        << value.integer << ' ' << value.number << ' ' << value.text << '\n';
  }
  void OnRejectedSpan(model::RejectReason) override { out << "rejected\n"; }
  std::ostringstream out;
};

trace::SpanContext MakeContext(const char* span_id, bool remote) {
  return trace::SpanContext(*trace::propagation::ParseTraceId("a1"),
                            *trace::propagation::ParseSpanId(span_id), trace::TraceFlags(1),
                            remote);
}

std::unique_ptr<Recordable> MakeSpan() {
  auto span = std::make_unique<SpanData>();
  span->SetIdentity(MakeContext("b1", false), *trace::propagation::ParseSpanId("c1"), true);
  span->SetName("n");
  span->SetSpanKind(trace::SpanKind::kServer);
  span->SetStartTime(opentelemetry::common::SystemTimestamp(std::chrono::nanoseconds(1000)));
  span->SetDuration(std::chrono::nanoseconds(500));
  span->SetStatus(trace::StatusCode::kError, "no");
  span->SetResource(opentelemetry::sdk::resource::Resource({{"service.name", "s"}}, ""));
  span->SetInstrumentationScope({"lib", "1", ""});
  return span;
}

std::string Scanned(const std::vector<std::unique_ptr<Recordable>>& spans) {
  const std::string bytes = opentelemetry::exporter::otlp::EncodeOtlp(spans);
  Transcript transcript;
  const auto status =
      wire::Scan(wire::Format::kOtlpProtobuf, wire::kDecoderVersion, bytes, transcript);
  EXPECT_TRUE(status.ok());
  return transcript.out.str();
}

TEST(EncodeOtlp, IsReadBackAsItWasRecorded) {
  std::vector<std::unique_ptr<Recordable>> spans;
  spans.push_back(MakeSpan());
  spans[0]->SetAttribute("bool", true);
  spans[0]->SetAttribute("int", -7);
  spans[0]->SetAttribute("double", 0.5);
  spans[0]->AddEvent("e", opentelemetry::common::SystemTimestamp(std::chrono::nanoseconds(1200)),
                     opentelemetry::common::NoopKeyValueIterable());
  spans[0]->AddLink(MakeContext("d1", true), opentelemetry::common::NoopKeyValueIterable());
  EXPECT_EQ(Scanned(spans),
            "resource\n"
            "service.name=1 0 0 0 s\n"
            "scope lib 1\n"
            "span 000000000000000000000000000000a1 00000000000000b1 00000000000000c1 n 2 1000 1500"
            " 2 no 769 0\n"
            "bool=2 1 0 0 \n"
            "int=3 0 -7 0 \n"
            "double=4 0 0 0.5 \n"
            "event 1200 e\n"
            "link 00000000000000d1 769\n");
}

TEST(EncodeOtlp, WritesArraysAsArrayValues) {
  std::vector<std::unique_ptr<Recordable>> spans;
  spans.push_back(MakeSpan());
  const std::string_view texts[] = {"./uservice", "-v"};
  const int64_t numbers[] = {1, 300};
  spans[0]->SetAttribute("texts", std::span<const std::string_view>(texts));
  spans[0]->SetAttribute("numbers", std::span<const int64_t>(numbers));
  const std::string transcript = Scanned(spans);
  EXPECT_THAT(transcript, ::testing::HasSubstr("texts=5 0 0 0 \x0A\x0C\x0A\x0A./uservice"
                                               "\x0A\x04\x0A\x02-v\n"));
  EXPECT_THAT(transcript,
              ::testing::HasSubstr("numbers=5 0 0 0 \x0A\x02\x18\x01\x0A\x03\x18\xAC\x02\n"));
}

TEST(EncodeOtlp, AnnouncesASharedResourceOnce) {
  std::vector<std::unique_ptr<Recordable>> spans;
  spans.push_back(MakeSpan());
  spans.push_back(std::make_unique<SpanData>(static_cast<const SpanData&>(*spans[0])));
  const std::string transcript = Scanned(spans);
  EXPECT_EQ(transcript.find("resource"), transcript.rfind("resource\n"));
}

TEST(RetryDelay, ReadsRetryInfo) {
  // Status{code 8, details{type_url ".../google.rpc.RetryInfo", RetryInfo{1 s 500 ms}}}
  const std::string_view url = "type.googleapis.com/google.rpc.RetryInfo";
  const std::string_view duration("\x08\x01\x10\x80\xCA\xB5\xEE\x01", 8);
  std::string any = "\x0A";
  any += static_cast<char>(url.size());
  any += url;
  any += "\x12\x0A\x0A\x08";
  any += duration;
  std::string status = "\x08\x08\x1A";
  status += static_cast<char>(any.size());
  status += any;
  EXPECT_EQ(opentelemetry::exporter::otlp::RetryDelay(status), std::chrono::milliseconds(1500));
  EXPECT_EQ(opentelemetry::exporter::otlp::RetryDelay("\x08\x08"), std::nullopt);
  EXPECT_EQ(opentelemetry::exporter::otlp::RetryDelay("\x1A\x7F"), std::nullopt);
}

}  // namespace
}  // namespace clew::sdk
