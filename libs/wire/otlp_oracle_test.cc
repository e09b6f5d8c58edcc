// SPDX-License-Identifier: Apache-2.0
// Compares ScanOtlp and OtlpWriter with the classes that protoc generates, over
// random requests.
#include <gmock/gmock.h>

#include <random>

#include "base/test_effort.h"
#include "google/rpc/status.pb.h"
#include "wire/otlp_response.h"
#include "wire/otlp_scan.h"
#include "wire/otlp_writer.h"
#include "wire/random_request.h"
#include "wire/span_transcript.h"

namespace clew::wire {
namespace {

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
  for (uint32_t seed = 0; seed < base::TestRounds(40, 400); ++seed) {
    // Half a character is bad UTF-8, which only the generated parser minds.
    const std::string bytes =
        RandomRequest(seed, RandomRequest::Texts::kAscii).Make().SerializeAsString();
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
