// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "base/compression.h"
#include "ingest/receivers_fixture.h"

namespace clew::ingest {
namespace {

TEST_F(Receivers, StoreWhatComesOverHttp) {
  const net::WholeResponse response = Export(GoodRequest());
  EXPECT_EQ(response.head.status, 200);
  EXPECT_EQ(response.head.headers.Get("content-type"), "application/x-protobuf");
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(ingestor().counters().accepted_spans, 1u);
}

TEST_F(Receivers, AnEmptyOtlpRequestIsFine) {
  EXPECT_EQ(Export("").head.status, 200);
  EXPECT_EQ(Call("").status.code, net::GrpcCode::kOk);
}

TEST_F(Receivers, InflateWhatComesCompressed) {
  EXPECT_EQ(Export(base::GzipCompress(GoodRequest()), "application/x-protobuf", "gzip").head.status,
            200);
  EXPECT_EQ(Call(GoodRequest('h'), "gzip").status.code, net::GrpcCode::kOk);
  EXPECT_EQ(ingestor().counters().accepted_spans, 2u);
}

TEST_F(Receivers, ARepeatedBodyIsAcknowledgedAndStoredOnce) {
  EXPECT_EQ(Export(GoodRequest()).head.status, 200);
  EXPECT_EQ(Export(GoodRequest()).head.status, 200);
  EXPECT_EQ(ingestor().counters().accepted_spans, 1u);
  EXPECT_EQ(ingestor().counters().duplicate_requests, 1u);
}

TEST_F(Receivers, TruncatedProtobufIs400AndTheNextRequestIsServed) {
  std::string truncated = GoodRequest();
  truncated.resize(truncated.size() - 3);
  const net::WholeResponse response = Export(truncated);
  EXPECT_EQ(response.head.status, 400);
  EXPECT_EQ(response.body.substr(0, 3), (std::string{'\x08', '\x03', '\x12'}));
  EXPECT_EQ(Export(GoodRequest()).head.status, 200);
}

TEST_F(Receivers, TruncatedProtobufIsInvalidArgumentOverGrpc) {
  EXPECT_EQ(Call("\x0a\x05x").status.code, net::GrpcCode::kInvalidArgument);
  EXPECT_EQ(Call(GoodRequest()).status.code, net::GrpcCode::kOk);
}

TEST_F(Receivers, ASpanWithAShortIdIsRejectedAloneAndSaysWhy) {
  const std::string body = OtlpRequest(OtlpSpan(std::string(16, 'a'), "12345678") +
                                       OtlpSpan(std::string(15, 'b'), "12345678"));
  const net::WholeResponse response = Export(body);
  EXPECT_EQ(response.head.status, 200);
  EXPECT_NE(response.body.find("\x08\x01"), std::string::npos);
  EXPECT_NE(response.body.find("1 span rejected: "), std::string::npos);
  EXPECT_EQ(ingestor().counters().accepted_spans, 1u);
  EXPECT_EQ(ingestor().counters().rejected_spans, 1u);
}

std::string JsonSpan(std::string_view trace_id) {
  return R"({"spanId":"0102030405060708","name":"work","traceId":")" + std::string(trace_id) +
         "\"}";
}

std::string JsonRequest(const std::string& spans) {
  return R"({"resourceSpans":[{"scopeSpans":[{"spans":[)" + spans + "]}]}]}";
}

const std::string kJsonRequest = JsonRequest(JsonSpan("0102030405060708090a0b0c0d0e0f10"));

TEST_F(Receivers, JsonIsStoredAndAnsweredInJson) {
  const net::WholeResponse response = Export(kJsonRequest, "Application/JSON; charset=utf-8");
  EXPECT_EQ(response.head.status, 200);
  EXPECT_EQ(response.head.headers.Get("content-type"), "application/json");
  EXPECT_EQ(response.body, "{}");
  const std::string zipped = base::GzipCompress(JsonRequest(JsonSpan(std::string(32, '2'))));
  EXPECT_EQ(Export(zipped, "application/json", "gzip").body, "{}");
  EXPECT_EQ(ingestor().counters().accepted_spans, 2u);
}

TEST_F(Receivers, AJsonSpanWithAShortIdIsRejectedAloneAndSaysWhy) {
  const std::string spans = JsonSpan(std::string(32, '3')) + "," + JsonSpan("33");
  const net::WholeResponse response = Export(JsonRequest(spans), "application/json");
  EXPECT_EQ(response.head.status, 200);
  EXPECT_EQ(response.body, R"({"partialSuccess":{"rejectedSpans":"1","errorMessage":)"
                           R"("1 span rejected: trace id must be 16 bytes and not all zero"}})");
  EXPECT_EQ(ingestor().counters().accepted_spans, 1u);
}

TEST_F(Receivers, MalformedJsonIs400WithItsPlaceAndTheNextRequestIsServed) {
  const net::WholeResponse response =
      Export(kJsonRequest.substr(0, kJsonRequest.size() - 2), "application/json");
  EXPECT_EQ(response.head.status, 400);
  EXPECT_EQ(response.head.headers.Get("content-type"), "application/json");
  EXPECT_EQ(response.body,
            R"({"code":3,"message":"otlp json: expected an element of a JSON array or its end )"
            R"(at byte 135"})");
  EXPECT_EQ(Export("", "application/json").head.status, 400);
  EXPECT_EQ(Export(kJsonRequest, "application/json").head.status, 200);
}

TEST_F(FullReceivers, PastTheMemoryLimitJsonClientsAreToldToWait) {
  const net::WholeResponse response = Export(kJsonRequest, "application/json");
  EXPECT_EQ(response.head.status, 429);
  EXPECT_EQ(RetryHeader(response), "5");
  EXPECT_NE(response.body.find(R"("retryDelay":"5s")"), std::string::npos);
}

TEST_F(Receivers, AnotherContentTypeIs415) {
  EXPECT_EQ(Export(GoodRequest(), "text/csv").head.status, 415);
  const net::WholeResponse none = Export(GoodRequest(), "");
  EXPECT_EQ(none.head.status, 415);
  EXPECT_NE(none.body.find("application/json"), std::string::npos);
}

TEST_F(Receivers, AnUnknownEncodingIs415) {
  EXPECT_EQ(Export(GoodRequest(), "application/x-protobuf", "br").head.status, 415);
  EXPECT_EQ(Export(GoodRequest()).head.status, 200);
}

TEST_F(Receivers, AnotherMethodIs405AndAnotherPath404) {
  EXPECT_EQ(Post(http_port(), "/v1/traces", "", {}, "GET").head.status, 405);
  const net::WholeResponse missing = Post(http_port(), "/v1/spans", GoodRequest(), {});
  EXPECT_EQ(missing.head.status, 404);
  EXPECT_EQ(missing.body, "404 page not found\n");
}

TEST_F(Receivers, AnUnknownGrpcMethodIsUnimplemented) {
  EXPECT_EQ(Call("", "", "/a.B/C").status.code, net::GrpcCode::kUnimplemented);
}

TEST_F(Receivers, ABodyOverTheLimitIs413) {
  EXPECT_EQ(Export(std::string(kTestBodyLimit + 1, '\n')).head.status, 413);
  EXPECT_EQ(Export(GoodRequest()).head.status, 200);
}

TEST_F(Receivers, AGzipBombIsStoppedAtTheInflatedLimit) {
  const std::string bomb = base::GzipCompress(std::string(64 << 20, '\0'));
  EXPECT_EQ(Export(bomb, "application/x-protobuf", "gzip").head.status, 413);
  EXPECT_EQ(Export(GoodRequest()).head.status, 200);
}

// Of a body that is wrong too they hear that they send too much: nobody has looked at it.
TEST_F(Receivers, WhoSendsTooManyBytesHasNothingInflated) {
  ingestor().SetTenantLimits(
      {.bytes = {.per_second = 1, .burst = GoodRequest().size() + 5}, .spans = {}}, {});
  EXPECT_EQ(Export(GoodRequest()).head.status, 200);
  const std::string bomb = base::GzipCompress(std::string(64 << 20, '\0'));
  EXPECT_EQ(Export(bomb, "application/x-protobuf", "gzip").head.status, 429);
  EXPECT_EQ(Export("not protobuf at all").head.status, 429);
}

TEST_F(FullReceivers, WhatThereIsNoRoomForCostsTheTenantNothing) {
  ingestor().SetTenantLimits({.bytes = {.per_second = 1, .burst = GoodRequest().size()},
                              .spans = {.per_second = 1, .burst = 1}},
                             {});
  for (int i = 0; i < 3; ++i) {
    const net::WholeResponse response = Export(GoodRequest());
    EXPECT_EQ(response.head.status, 429);
    EXPECT_EQ(RetryHeader(response), "5") << "of the memory, and not of a rate";
  }
}

class ReceiversThatCannotInflate : public Receivers {
 protected:
  ReceiversThatCannotInflate() : Receivers({.inflated_bodies_bytes = 1000}) {}
};

TEST_F(ReceiversThatCannotInflate, WhatThereIsNoRoomForCostsTheTenantNothingEither) {
  const std::string packed = base::GzipCompress(GoodRequest());
  ingestor().SetTenantLimits({.bytes = {.per_second = 1, .burst = packed.size()}, .spans = {}}, {});
  for (int i = 0; i < 3; ++i) {
    const net::WholeResponse response = Export(packed, "application/x-protobuf", "gzip");
    EXPECT_EQ(response.head.status, 429);
    EXPECT_EQ(RetryHeader(response), "5") << "of the memory, and not of a rate";
  }
}

class ReceiversOfAFullDisk : public Receivers {
 protected:
  ReceiversOfAFullDisk()
      : Receivers({.disk = {.of_room = true,
                            .within = ".wal",
                            .lasts = true,
                            .code = base::ErrorCode::kExhausted}}) {}
  uint64_t RefusedForDisk(Receiver receiver) {
    const auto reason = static_cast<size_t>(Refused::kDiskFull);
    return ingestor().counted().counts(receiver).refused[reason];
  }
};

TEST_F(ReceiversOfAFullDisk, HaveClientsComeAgainAndTakeSpansWhenThereIsRoom) {
  const net::WholeResponse response = Export(GoodRequest());
  EXPECT_EQ(response.head.status, 429);
  EXPECT_EQ(RetryHeader(response), "5");
  EXPECT_EQ(RefusedForDisk(Receiver::kOtlpHttp), 1u);
  EXPECT_EQ(Call(GoodRequest()).status.code, net::GrpcCode::kResourceExhausted);
  EXPECT_EQ(RefusedForDisk(Receiver::kOtlpGrpc), 1u);
  disk().Heal();
  EXPECT_EQ(Export(GoodRequest()).head.status, 200);
  EXPECT_EQ(ingestor().counters().accepted_spans, 1u);
  EXPECT_EQ(ingestor().counters().refused_requests, 2u);
}

TEST_F(FullReceivers, PastTheMemoryLimitClientsAreToldToWait) {
  const net::WholeResponse response = Export(GoodRequest());
  EXPECT_EQ(response.head.status, 429);
  EXPECT_EQ(RetryHeader(response), "5");
  const net::GrpcReply reply = Call(GoodRequest());
  EXPECT_EQ(reply.status.code, net::GrpcCode::kResourceExhausted);
  EXPECT_NE(reply.status.details.find("google.rpc.RetryInfo"), std::string::npos);
}

TEST_F(Receivers, JaegerThriftIsAcceptedWithAnEmpty202) {
  const net::WholeResponse response = Submit(ThriftBatch(), "application/x-thrift; v=1");
  EXPECT_EQ(response.head.status, 202);
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(Submit(ThriftBatch(), "application/vnd.apache.thrift.binary").head.status, 202);
  EXPECT_EQ(ingestor().counters().accepted_spans, 1u);
}

TEST_F(Receivers, JaegerRefusesOtherContentAndGarbage) {
  const net::WholeResponse csv = Submit(ThriftBatch(), "text/csv");
  EXPECT_EQ(csv.head.status, 400);
  EXPECT_EQ(csv.body, "Unsupported content type: text/csv\n");
  EXPECT_EQ(Submit("garbage garbage", "application/x-thrift").head.status, 400);
  EXPECT_EQ(Submit(ThriftBatch(), "application/x-thrift").head.status, 202);
}

}  // namespace
}  // namespace clew::ingest
