// SPDX-License-Identifier: Apache-2.0
// Compares ScanOtlpJson and OtlpJsonWriter with ScanOtlp over the protobuf of the same
// requests, and with the JSON of protobuf's own library.
#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>

#include <random>
#include <regex>

#include "base/test_effort.h"
#include "google/rpc/status.pb.h"
#include "wire/base64.h"
#include "wire/otlp_json_scan.h"
#include "wire/otlp_json_writer.h"
#include "wire/otlp_response.h"
#include "wire/otlp_scan.h"
#include "wire/random_request.h"
#include "wire/reject_counts.h"
#include "wire/span_transcript.h"

namespace clew::wire {
namespace {

const auto kRequests = static_cast<uint32_t>(base::TestRounds(1000, 10'000));

std::string ScannedProtobuf(const std::string& bytes) {
  SpanTranscript transcript;
  const base::Status status = ScanOtlp(bytes, transcript);
  return status.ok() ? transcript.text() : status.error().message;
}

std::string ScannedJson(const std::string& json) {
  SpanTranscript transcript;
  const base::Status status = ScanOtlpJson(json, transcript);
  return status.ok() ? transcript.text() : status.error().message;
}

std::string WrittenJson(const std::string& protobuf, JsonDialect dialect) {
  OtlpJsonWriter writer(dialect);
  EXPECT_TRUE(ScanOtlp(protobuf, writer).ok());
  return R"({"resourceSpans":)" + writer.Take() + "}";
}

std::string Hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const char c : bytes) {
    const auto byte = static_cast<uint8_t>(c);
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

// OTLP/JSON differs from protobuf's JSON in its ids alone.
std::string WithHexIds(const std::string& json) {
  const std::regex id_member(
      R"re("(traceId|spanId|parentSpanId|trace_id|span_id|parent_span_id)":"([^"]*)")re");
  std::string out;
  std::string::const_iterator at = json.begin();
  for (std::sregex_iterator id(json.begin(), json.end(), id_member), none; id != none; ++id) {
    out.append(at, id->prefix().second);
    out += "\"" + id->str(1) + "\":\"" + Hex(DecodeBase64(id->str(2)).value()) + "\"";
    at = (*id)[0].second;
  }
  return out.append(at, json.end());
}

TEST(OtlpJsonOracle, WhatOurWriterWritesScansLikeTheProtobufOfIt) {
  for (uint32_t seed = 0; seed < kRequests; ++seed) {
    const std::string bytes = RandomRequest(seed).Make().SerializeAsString();
    ASSERT_EQ(ScannedJson(WrittenJson(bytes, JsonDialect::kOtlp)), ScannedProtobuf(bytes)) << seed;
  }
}

TEST(OtlpJsonOracle, WhatProtobufsLibraryWritesScansLikeTheProtobufOfIt) {
  for (uint32_t seed = 0; seed < kRequests; ++seed) {
    const collector::ExportTraceServiceRequest request = RandomRequest(seed).Make();
    google::protobuf::util::JsonPrintOptions options;
    options.always_print_enums_as_ints = seed % 2 == 0;
    options.preserve_proto_field_names = seed % 3 == 0;
    options.always_print_primitive_fields = seed % 5 == 0;
    options.add_whitespace = seed % 7 == 0;
    std::string json;
    ASSERT_TRUE(google::protobuf::util::MessageToJsonString(request, &json, options).ok());
    if (options.add_whitespace) json = std::regex_replace(json, std::regex("\": \""), "\":\"");
    ASSERT_EQ(ScannedJson(WithHexIds(json)), ScannedProtobuf(request.SerializeAsString())) << seed;
  }
}

TEST(OtlpJsonOracle, ProtobufsLibraryReadsWhatOurWriterWritesForTempo) {
  for (uint32_t seed = 0; seed < kRequests; ++seed) {
    const std::string bytes = RandomRequest(seed).Make().SerializeAsString();
    collector::ExportTraceServiceRequest read;
    const auto status =
        google::protobuf::util::JsonStringToMessage(WrittenJson(bytes, JsonDialect::kTempo), &read);
    ASSERT_TRUE(status.ok()) << status.ToString();
    ASSERT_EQ(ScannedProtobuf(read.SerializeAsString()), ScannedProtobuf(bytes)) << seed;
  }
}

// Bodies of JSON are kept as what this gives.
TEST(OtlpJsonOracle, WhatJsonIsTranslatedIntoScansLikeIt) {
  for (uint32_t seed = 0; seed < kRequests; ++seed) {
    const std::string bytes = RandomRequest(seed).Make().SerializeAsString();
    const std::string json = WrittenJson(bytes, JsonDialect::kOtlp);
    const auto translated = ValidateAndTranslate(Format::kOtlpJson, json);
    ASSERT_TRUE(translated.ok()) << seed;
    ASSERT_EQ(ScannedProtobuf(translated.value().otlp), ScannedJson(json)) << seed;
    const BodySummary counted = translated.value().counted.summary;
    const BodySummary of_protobuf =
        Validate(Format::kOtlpProtobuf, translated.value().otlp).value();
    ASSERT_EQ(counted.accepted_spans, of_protobuf.accepted_spans) << seed;
    ASSERT_EQ(counted.text_bytes, of_protobuf.text_bytes) << seed;
  }
}

TEST(OtlpJsonOracle, RejectedSpansAreCountedAndNotTranslated) {
  const std::string json =
      R"({"resourceSpans":[{"scopeSpans":[{"spans":[)"
      R"({"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"0102030405060708"},)"
      R"({"traceId":"01","spanId":"0102030405060708"}]}]}]})";
  const TranslatedBody body = ValidateAndTranslate(Format::kOtlpJson, json).value();
  EXPECT_EQ(body.counted.summary.accepted_spans, 1u);
  EXPECT_EQ(body.counted.summary.rejected_spans, 1u);
  const BodySummary otlp = Validate(Format::kOtlpProtobuf, body.otlp).value();
  EXPECT_EQ(otlp.accepted_spans, 1u);
  EXPECT_EQ(otlp.rejected_spans, 0u);
  EXPECT_FALSE(ValidateAndTranslate(Format::kOtlpJson, json.substr(1)).ok());
}

TEST(OtlpJsonOracle, SurvivesChangedBytes) {
  std::mt19937 random(7);
  for (uint32_t seed = 0; seed < 100; ++seed) {
    std::string json =
        WrittenJson(RandomRequest(seed).Make().SerializeAsString(), JsonDialect::kOtlp);
    for (int change = 0; change < 50; ++change) {
      json[random() % json.size()] = "{}[],:\"\\01e-tfn\x80 x"[random() % 18];
      OtlpJsonWriter writer(JsonDialect::kOtlp);
      if (!ScanOtlpJson(json, writer).ok()) continue;
      SpanTranscript again;
      EXPECT_TRUE(ScanOtlpJson(R"({"resourceSpans":)" + writer.Take() + "}", again).ok()) << seed;
    }
  }
}

TEST(OtlpJsonResponse, IsTheProtobufInJson) {
  EXPECT_EQ(ExportTraceResponseJson(0, ""), "{}");
  collector::ExportTraceServiceResponse response;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(
                  ExportTraceResponseJson(uint64_t{1} << 60, "why \"it\""), &response)
                  .ok());
  EXPECT_EQ(response.SerializeAsString(),
            EncodeExportTraceResponse(uint64_t{1} << 60, "why \"it\""));
}

TEST(OtlpJsonResponse, CarriesRetryInfoInAStatus) {
  EXPECT_EQ(RpcStatusJson(3, "bad", std::nullopt), R"({"code":3,"message":"bad"})");
  google::rpc::Status status;
  ASSERT_TRUE(
      google::protobuf::util::JsonStringToMessage(RpcStatusJson(8, "later", 5), &status).ok());
  EXPECT_EQ(status.code(), 8);
  google::rpc::RetryInfo retry;
  ASSERT_TRUE(status.details_size() == 1 && status.details(0).UnpackTo(&retry));
  EXPECT_EQ(retry.retry_delay().seconds(), 5);
}

}  // namespace
}  // namespace clew::wire
