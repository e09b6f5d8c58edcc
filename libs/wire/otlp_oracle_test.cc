// SPDX-License-Identifier: Apache-2.0
// Compares ScanOtlp and OtlpWriter with the classes that protoc generates, over
// random requests.
#include <gmock/gmock.h>

#include <random>

#include "google/rpc/status.pb.h"
#include "opentelemetry/proto/collector/trace/v1/trace_service.pb.h"
#include "wire/otlp_response.h"
#include "wire/otlp_scan.h"
#include "wire/otlp_writer.h"
#include "wire/span_transcript.h"

namespace clew::wire {
namespace {

namespace common = opentelemetry::proto::common::v1;
namespace trace = opentelemetry::proto::trace::v1;
namespace collector = opentelemetry::proto::collector::trace::v1;
using Attributes = google::protobuf::RepeatedPtrField<common::KeyValue>;

class RandomRequest {
 public:
  explicit RandomRequest(uint32_t seed) : random_(seed) {}

  collector::ExportTraceServiceRequest Make() {
    collector::ExportTraceServiceRequest request;
    for (int i = Below(3); i >= 0; --i) Fill(*request.add_resource_spans());
    return request;
  }

 private:
  uint32_t Random() { return static_cast<uint32_t>(random_()); }
  int Below(int limit) { return static_cast<int>(Random() % static_cast<uint32_t>(limit)); }
  uint32_t Small() { return Below(3) == 0 ? Random() : 0; }
  uint64_t Time() { return uint64_t{Random()} << 31 | Random(); }
  std::string Text() { return std::string(static_cast<size_t>(Below(200) / (1 + Below(20))), 't'); }
  std::string Id(size_t size) {
    std::string id(size, '\1');
    for (char& byte : id) byte = static_cast<char>(random_());
    id.back() = '\1';
    return id;
  }

  void Fill(trace::ResourceSpans& spans) {
    spans.set_schema_url(Text());
    spans.mutable_resource()->set_dropped_attributes_count(Small());
    Fill(*spans.mutable_resource()->mutable_attributes());
    for (int i = Below(3); i > 0; --i) Fill(*spans.add_scope_spans());
  }
  void Fill(trace::ScopeSpans& spans) {
    spans.set_schema_url(Text());
    spans.mutable_scope()->set_name(Text());
    spans.mutable_scope()->set_version(Text());
    spans.mutable_scope()->set_dropped_attributes_count(Small());
    Fill(*spans.mutable_scope()->mutable_attributes());
    for (int i = Below(4); i > 0; --i) Fill(*spans.add_spans());
  }
  void Fill(trace::Span& span) {
    span.set_trace_id(Id(16));
    span.set_span_id(Id(8));
    if (Below(2)) span.set_parent_span_id(Id(8));
    span.set_trace_state(Text());
    span.set_name(Text());
    span.set_kind(static_cast<trace::Span::SpanKind>(Below(8) - 1));
    span.set_start_time_unix_nano(Time());
    span.set_end_time_unix_nano(Time());
    span.set_dropped_attributes_count(Small());
    span.set_dropped_events_count(Small());
    span.set_dropped_links_count(Small());
    span.mutable_status()->set_code(static_cast<trace::Status::StatusCode>(Below(4)));
    span.mutable_status()->set_message(Text());
    span.set_flags(Small());
    Fill(*span.mutable_attributes());
    for (int i = Below(3); i > 0; --i) Fill(*span.add_events());
    for (int i = Below(3); i > 0; --i) Fill(*span.add_links());
  }
  void Fill(trace::Span::Event& event) {
    event.set_time_unix_nano(Time());
    event.set_name(Text());
    event.set_dropped_attributes_count(Small());
    Fill(*event.mutable_attributes());
  }
  void Fill(trace::Span::Link& link) {
    link.set_trace_id(Id(16));
    link.set_span_id(Id(8));
    link.set_trace_state(Text());
    link.set_dropped_attributes_count(Small());
    link.set_flags(Small());
    Fill(*link.mutable_attributes());
  }
  void Fill(Attributes& attributes) {
    for (int i = Below(4); i > 0; --i) {
      common::KeyValue& attribute = *attributes.Add();
      attribute.set_key(Text());
      Fill(*attribute.mutable_value(), 0);
    }
  }
  void Fill(common::AnyValue& value, int depth) {
    switch (Below(depth < 4 ? 8 : 6)) {
      case 0:
        return value.set_string_value(Text());
      case 1:
        return value.set_bool_value(Below(2) == 0);
      case 2:
        return value.set_int_value(static_cast<int64_t>(Time()) * (Below(2) ? 1 : -1));
      case 3:
        return value.set_double_value(static_cast<double>(Time()) / 3);
      case 4:
        return value.set_bytes_value(Id(9));
      case 5:
        return;
      case 6:
        value.mutable_array_value();
        for (int i = Below(3); i > 0; --i)
          Fill(*value.mutable_array_value()->add_values(), depth + 1);
        return;
    }
    common::KeyValueList& list = *value.mutable_kvlist_value();
    for (int i = Below(3); i > 0; --i) {
      common::KeyValue& pair = *list.add_values();
      pair.set_key(Text());
      Fill(*pair.mutable_value(), depth + 1);
    }
  }

  std::mt19937 random_;
};

// A status of zeros is the same as none.
void Canonicalise(collector::ExportTraceServiceRequest& request) {
  for (auto& resource_spans : *request.mutable_resource_spans()) {
    for (auto& scope_spans : *resource_spans.mutable_scope_spans()) {
      for (auto& span : *scope_spans.mutable_spans()) span.mutable_status();
    }
  }
}

TEST(OtlpOracle, WhatGeneratedClassesWriteComesBackThroughScanAndWriter) {
  for (uint32_t seed = 0; seed < 2000; ++seed) {
    const collector::ExportTraceServiceRequest request = RandomRequest(seed).Make();
    OtlpWriter writer;
    ASSERT_TRUE(ScanOtlp(request.SerializeAsString(), writer).ok()) << seed;
    collector::ExportTraceServiceRequest read;
    ASSERT_TRUE(read.ParseFromString(writer.Take())) << seed;
    Canonicalise(read);
    ASSERT_EQ(read.DebugString(), request.DebugString()) << seed;
  }
}

TEST(OtlpOracle, AcceptsATruncatedRequestExactlyWhenTheGeneratedParserDoes) {
  for (uint32_t seed = 0; seed < 40; ++seed) {
    const std::string bytes = RandomRequest(seed).Make().SerializeAsString();
    for (size_t size = 0; size < bytes.size(); ++size) {
      const std::string part = bytes.substr(0, size);
      SpanTranscript ignored;
      collector::ExportTraceServiceRequest read;
      ASSERT_EQ(ScanOtlp(part, ignored).ok(), read.ParseFromString(part)) << seed << ' ' << size;
    }
  }
}

TEST(OtlpOracle, SurvivesChangedBytes) {
  std::mt19937 random(7);
  for (uint32_t seed = 0; seed < 200; ++seed) {
    std::string bytes = RandomRequest(seed).Make().SerializeAsString();
    for (int change = 0; change < 50; ++change) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
      OtlpWriter writer;
      if (!ScanOtlp(bytes, writer).ok()) continue;
      SpanTranscript again;
      EXPECT_TRUE(ScanOtlp(writer.Take(), again).ok()) << seed;
    }
  }
}

TEST(OtlpResponse, SaysNothingWhenNothingWasRejected) {
  EXPECT_EQ(EncodeExportTraceResponse(0, ""), "");
}

TEST(OtlpResponse, TellsRejectedSpans) {
  collector::ExportTraceServiceResponse response;
  ASSERT_TRUE(response.ParseFromString(EncodeExportTraceResponse(300, "why")));
  EXPECT_EQ(response.partial_success().rejected_spans(), 300);
  EXPECT_EQ(response.partial_success().error_message(), "why");
}

TEST(OtlpResponse, CarriesRetryInfoInAStatus) {
  google::rpc::Status status;
  ASSERT_TRUE(status.ParseFromString(EncodeRpcStatus(8, "later", 5)));
  EXPECT_EQ(status.code(), 8);
  EXPECT_EQ(status.message(), "later");
  google::rpc::RetryInfo retry;
  ASSERT_EQ(status.details_size(), 1);
  ASSERT_TRUE(status.details(0).UnpackTo(&retry));
  EXPECT_EQ(retry.retry_delay().seconds(), 5);
}

TEST(OtlpResponse, LeavesOutRetryInfoWhenTryingAgainDoesNotHelp) {
  google::rpc::Status status;
  ASSERT_TRUE(status.ParseFromString(EncodeRpcStatus(3, "bad", std::nullopt)));
  EXPECT_EQ(status.details_size(), 0);
}

}  // namespace
}  // namespace clew::wire
