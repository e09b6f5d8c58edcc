// SPDX-License-Identifier: Apache-2.0
// The receivers as a client sees them: real sockets, a real store in a folder of its own.
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "base/compression.h"
#include "ingest/receivers_fixture.h"

namespace clew::ingest {
namespace {

// A protobuf field of length-delimited type.
std::string Field(int number, const std::string& bytes) {
  std::string out(1, static_cast<char>(number << 3 | 2));
  for (size_t size = bytes.size(); true; size >>= 7) {
    out.push_back(static_cast<char>(size < 0x80 ? size : (size & 0x7f) | 0x80));
    if (size < 0x80) break;
  }
  return out + bytes;
}

std::string OtlpSpan(const std::string& trace_id, const std::string& span_id) {
  return Field(2, Field(1, trace_id) + Field(2, span_id) + Field(5, "work"));
}

std::string OtlpRequest(const std::string& spans) {
  return Field(1, Field(2, spans));
}

std::string GoodRequest(char id = 'g') {
  return OtlpRequest(OtlpSpan(std::string(16, id), "12345678"));
}

// A thrift Batch of the binary protocol with one span.
std::string ThriftBatch() {
  const auto number = [](char type, char id, const std::string& bytes) {
    return std::string{type, 0, id} + bytes;
  };
  const auto text = [](const std::string& value) {
    return std::string{0, 0, 0, static_cast<char>(value.size())} + value;
  };
  const std::string one_i64 = std::string(7, '\0') + '\1';
  const std::string process = number(11, 1, text("shop")) + '\0';
  std::string span;
  for (const char id : {'\1', '\2', '\3'}) span += number(10, id, one_i64);
  span += number(10, 4, std::string(8, '\0')) + number(11, 5, text("buy"));
  span += number(8, 7, {0, 0, 0, 1}) + number(10, 8, one_i64) + number(10, 9, one_i64) + '\0';
  return number(12, 1, process) + number(15, 2, std::string{12, 0, 0, 0, 1} + span) + '\0';
}

class FullReceivers : public Receivers {
 protected:
  FullReceivers() : Receivers(1) {}
};

std::string RetryHeader(const net::WholeResponse& response) {
  return std::string(response.head.headers.Get("retry-after").value_or(""));
}

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
