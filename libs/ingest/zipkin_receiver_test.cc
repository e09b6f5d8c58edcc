// SPDX-License-Identifier: Apache-2.0
#include "ingest/zipkin_receiver.h"

#include <gmock/gmock.h>

#include <string>

#include "base/compression.h"
#include "ingest/receivers_fixture.h"

namespace clew::ingest {
namespace {

using testing::StartsWith;

constexpr const char* kV1 = "/api/v1/spans";
constexpr const char* kV2 = "/api/v2/spans";
constexpr std::string_view kProtobuf = "application/x-protobuf";
constexpr std::string_view kThrift = "application/x-thrift";

std::string JsonSpan(const std::string& id = "0102030405060708") {
  return R"({"traceId":"0102030405060708090a0b0c0d0e0f10","id":")" + id + "\"}";
}

std::string ProtoSpan(const std::string& id = "12345678") {
  return Field(1, Field(1, std::string(16, 'z')) + Field(3, id));
}

// A list of one span of trace 1 with this id.
std::string ThriftSpan(char id = 2) {
  const auto i64 = [](char field, char value) {
    return std::string{10, 0, field} + std::string(7, '\0') + value;
  };
  return std::string{12, 0, 0, 0, 1} + i64(1, 1) + i64(4, id) + '\0';
}

class Zipkin : public Receivers {};
class FullZipkin : public FullReceivers {};

TEST_F(Zipkin, EveryFormatIsAcceptedWithAnEmpty202) {
  const struct {
    const char* path;
    std::string body;
    std::string_view content_type;
  } kRows[] = {
      {kV2, "[" + JsonSpan("1") + "]", "Application/JSON; charset=utf-8"},
      {kV2, "[" + JsonSpan("2") + "]", ""},
      {kV2, ProtoSpan(), kProtobuf},
      {kV1, "[" + JsonSpan() + "]", "application/json"},
      {kV1, "[" + JsonSpan("0102030405060709") + "]", ""},
      {kV1, ThriftSpan(), kThrift},
  };
  uint64_t spans = 0;
  for (const auto& row : kRows) {
    const net::WholeResponse response = Report(row.path, row.body, row.content_type);
    EXPECT_EQ(response.head.status, 202) << row.path << ' ' << row.content_type << response.body;
    EXPECT_EQ(response.body, "");
    EXPECT_EQ(ingestor().counters().accepted_spans, ++spans);
  }
}

TEST_F(Zipkin, ARepeatedBodyIsStoredOnceAndAnEmptyListIsFine) {
  const std::string body = "[" + JsonSpan() + "]";
  EXPECT_EQ(Report(kV2, body).head.status, 202);
  EXPECT_EQ(Report(std::string(kV2) + "?x=1", body).head.status, 202);
  EXPECT_EQ(ingestor().counters().accepted_spans, 1u);
  EXPECT_EQ(Report(kV2, "[]").head.status, 202);
  EXPECT_EQ(Report(kV2, "", kProtobuf).head.status, 202);
}

TEST_F(Zipkin, WhatIsMalformedIs400WithItsPlaceAndTheNextIsServed) {
  const struct {
    const char* path;
    std::string body;
    std::string_view content_type;
    const char* answer;
  } kRows[] = {
      {kV2, "[7]", "", "zipkin json: expected an object at byte 1\n"},
      {kV2, "", "", "zipkin json: "},
      {kV2, "\x0a\x05x", kProtobuf, "zipkin protobuf: length beyond the end at byte 0\n"},
      {kV1, "{}", "", "zipkin v1 json: expected an array at byte 0\n"},
      {kV1, "[" + JsonSpan("1") + "]", "", "zipkin v1 json: expected an id of 16 hex digits"},
      {kV1, "garbage garbage", kThrift, "zipkin thrift: "},
      {kV1, ThriftSpan(0), kThrift, "zipkin thrift: span without an id"},
  };
  for (const auto& row : kRows) {
    const net::WholeResponse response = Report(row.path, row.body, row.content_type);
    EXPECT_EQ(response.head.status, 400);
    EXPECT_EQ(response.head.headers.Get("content-type"), "text/plain; charset=utf-8");
    EXPECT_THAT(response.body, StartsWith(row.answer));
  }
  EXPECT_EQ(ingestor().counters().accepted_spans, 0u);
  EXPECT_EQ(Report(kV2, "[" + JsonSpan() + "]").head.status, 202);
}

TEST_F(Zipkin, ASpanThatIsRejectedIs400AndItsNeighboursAreStored) {
  const net::WholeResponse response = Report(kV2, "[" + JsonSpan() + "," + JsonSpan("0") + "]");
  EXPECT_EQ(response.head.status, 400);
  EXPECT_EQ(response.body, "1 span rejected: span id must be 8 bytes and not all zero; 1 stored\n");
  EXPECT_EQ(ingestor().counters().accepted_spans, 1u);
  EXPECT_EQ(ingestor().counters().rejected_spans, 1u);
}

TEST_F(Zipkin, OtherPathsMethodsAndTypesAreRefused) {
  EXPECT_EQ(Report("/api/v3/spans", "[]").head.status, 404);
  EXPECT_EQ(Report("/api/v2/spans/", "[]").head.status, 404);
  const net::WholeResponse get = Post(zipkin_port(), kV2, "", {}, "GET");
  EXPECT_EQ(get.head.status, 405);
  EXPECT_EQ(get.head.headers.Get("allow"), "POST");
  const net::WholeResponse csv = Report(kV2, "[]", "text/csv");
  EXPECT_EQ(csv.head.status, 415);
  EXPECT_EQ(csv.body,
            "415 unsupported media type 'text/csv': send application/json or "
            "application/x-protobuf\n");
  EXPECT_EQ(Report(kV2, ThriftSpan(), kThrift).head.status, 415);
  EXPECT_EQ(Report(kV1, ProtoSpan(), kProtobuf).head.status, 415);
  EXPECT_EQ(Report(kV2, "[]", "", "br").head.status, 415);
  EXPECT_EQ(Report(kV2, std::string(kTestBodyLimit + 1, ' ')).head.status, 413);
}

TEST_F(FullZipkin, PastTheMemoryLimitClientsAreToldToWait) {
  const net::WholeResponse response = Report(kV2, "[" + JsonSpan() + "]");
  EXPECT_EQ(response.head.status, 429);
  EXPECT_EQ(RetryHeader(response), "5");
}

TEST_F(Zipkin, SpansComeByGrpcToTheSamePort) {
  const auto report = [this](std::string_view message) {
    return CallPacked(zipkin_port(), kZipkinReport, base::GzipCompress(message), "gzip");
  };
  EXPECT_EQ(report(ProtoSpan()), "0");
  EXPECT_EQ(report("\x0a\x05x"), "3");
  EXPECT_EQ(report(ProtoSpan("short") + ProtoSpan("87654321")), "3");
  EXPECT_EQ(ingestor().counters().accepted_spans, 2u);
  EXPECT_EQ(CallPacked(zipkin_port(), kOtlpTraceExport, "", "gzip"), "12");
}

}  // namespace
}  // namespace clew::ingest
