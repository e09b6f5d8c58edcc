// SPDX-License-Identifier: Apache-2.0
// What Jaeger's clients send and ask, besides thrift over HTTP.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/compression.h"
#include "base/log.h"
#include "ingest/receivers_fixture.h"
#include "jaeger/api_v2/model.pb.h"

namespace clew::ingest {
namespace {

namespace proto = jaeger::api_v2;
using testing::StartsWith;

class JaegerReceivers : public Receivers {
 protected:
  JaegerReceivers() { base::SetLogSilent(); }

  void Send(const std::string& datagram) const {
    const int sender = ::socket(AF_INET, SOCK_DGRAM, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(compact_port());
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::sendto(sender, datagram.data(), datagram.size(), 0,
                       reinterpret_cast<const sockaddr*>(&to), sizeof to),
              static_cast<ssize_t>(datagram.size()));
    ::close(sender);
  }
};

// A call of emitBatch in the compact protocol, with one span of that id.
std::string CompactMessage(char span_id) {
  const std::string call = std::string("\x82\x81\x01\x09") + "emitBatch";
  const std::string process = std::string("\x1c\x18\x04shop") + '\0';
  // traceIdLow 1, traceIdHigh 0, the span's id, no parent, a name, flags 1, start and duration 1.
  std::string span("\x16\x02\x16\x00\x16", 5);
  span += span_id;
  span += std::string("\x16\x00\x18\x03", 4) + "buy";
  span += std::string("\x25\x02\x16\x02\x16\x02\x00", 7);
  const std::string batch = process + "\x19\x1c" + span + '\0';
  return call + "\x1c" + batch + '\0';
}

TEST_F(JaegerReceivers, StoreTheSpansOfDatagrams) {
  Send(CompactMessage(2));
  Send(CompactMessage(4));
  Send(CompactMessage(4));
  FinishDatagrams();
  EXPECT_EQ(ingestor().counters().accepted_spans, 2u);
  EXPECT_EQ(ingestor().counters().duplicate_requests, 1u);
  EXPECT_EQ(ingestor().counters().refused_requests, 0u);
}

TEST_F(JaegerReceivers, CountDatagramsThatAreNone) {
  Send("");
  Send("garbage");
  Send(CompactMessage(2).substr(0, 40));
  Send(CompactMessage(2));
  FinishDatagrams();
  EXPECT_EQ(ingestor().counters().refused_requests, 3u);
  EXPECT_EQ(ingestor().counters().accepted_spans, 1u);
}

std::string PostSpansRequest(char trace_id, char span_id = 2) {
  proto::PostSpansRequest request;
  proto::Span& span = *request.mutable_batch()->add_spans();
  span.set_trace_id(std::string(16, trace_id));
  span.set_span_id(std::string(8, span_id));
  span.set_operation_name("buy");
  return request.SerializeAsString();
}

TEST_F(JaegerReceivers, StoreWhatIsPostedOverGrpc) {
  const net::GrpcReply reply = Call(PostSpansRequest('a'), "", kJaegerPostSpans);
  EXPECT_EQ(reply.status.code, net::GrpcCode::kOk);
  EXPECT_EQ(reply.message, "");
  EXPECT_EQ(Call(PostSpansRequest('b'), "gzip", kJaegerPostSpans).status.code, net::GrpcCode::kOk);
  EXPECT_EQ(Call("", "", kJaegerPostSpans).status.code, net::GrpcCode::kOk);
  EXPECT_EQ(ingestor().counters().accepted_spans, 2u);
}

TEST_F(JaegerReceivers, RejectASpanAloneAndRefuseGarbageOverGrpc) {
  EXPECT_EQ(Call(PostSpansRequest('a', 0), "", kJaegerPostSpans).status.code, net::GrpcCode::kOk);
  EXPECT_EQ(ingestor().counters().rejected_spans, 1u);
  const net::GrpcReply reply = Call("\x0a\x05x", "", kJaegerPostSpans);
  EXPECT_EQ(reply.status.code, net::GrpcCode::kInvalidArgument);
  EXPECT_THAT(reply.status.message, StartsWith("jaeger: "));
}

TEST_F(JaegerReceivers, TellHowMuchToSample) {
  for (const char* path : {"/sampling?service=a", "/api/sampling?service=a&x=y"}) {
    const net::WholeResponse response = Post(jaeger_port(), path, "", {}, "GET");
    EXPECT_EQ(response.head.status, 200);
    EXPECT_EQ(response.head.headers.Get("content-type"), "application/json");
    EXPECT_EQ(response.body,
              R"({"strategyType":"PROBABILISTIC","probabilisticSampling":{"samplingRate":1}})");
  }
  EXPECT_EQ(Post(jaeger_port(), "/sampling", "", {}, "GET").head.status, 400);
  EXPECT_EQ(Post(jaeger_port(), "/sampling?service=a&service=b", "", {}, "GET").head.status, 400);
  EXPECT_EQ(Post(jaeger_port(), "/sampling?service=a", "", {}, "POST").head.status, 405);
  EXPECT_EQ(Post(jaeger_port(), "/other", "", {}, "GET").head.status, 404);
}

TEST_F(JaegerReceivers, TellHowMuchToSampleOverGrpc) {
  proto::SamplingStrategyParameters parameters;
  parameters.set_service_name("a");
  const net::GrpcReply reply = Call(parameters.SerializeAsString(), "", kJaegerGetSamplingStrategy);
  EXPECT_EQ(reply.status.code, net::GrpcCode::kOk);
  proto::SamplingStrategyResponse response;
  ASSERT_TRUE(response.ParseFromString(reply.message));
  EXPECT_EQ(response.strategy_type(), proto::PROBABILISTIC);
  EXPECT_EQ(response.probabilistic_sampling().sampling_rate(), 1);
  EXPECT_EQ(Call("\x0a\x05x", "", kJaegerGetSamplingStrategy).status.code,
            net::GrpcCode::kInvalidArgument);
}

}  // namespace
}  // namespace clew::ingest
