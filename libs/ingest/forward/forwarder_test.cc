// SPDX-License-Identifier: Apache-2.0
#include "ingest/forward/forwarder.h"

#include <gmock/gmock.h>

#include <functional>
#include <memory>
#include <vector>

#include "base/compression.h"
#include "base/log_fields.h"
#include "ingest/receivers_fixture.h"
#include "net/raw_peer.h"
#include "wire/otlp_response.h"

namespace clew::ingest {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

// Takes what is forwarded, and answers with the next of the statuses it was given, then with 200.
class Destination final : public net::Handler {
 public:
  struct Received {
    std::string path, body, encoding, tenant, token;
  };

  Destination() {
    net::ListenOptions options;
    options.body_limit_bytes = kTestBodyLimit;
    grpc_.Add(std::string(kOtlpTraceExport), [this](net::Exchange&, net::GrpcRequest request) {
      return TakeMessage(std::move(request));
    });
    server_ = net::Server::Listen(options, {&loop_}, *this).value();
    thread_ = std::thread([this] { loop_.Run(); });
  }
  ~Destination() override {
    server_->Drain(seconds(5));
    loop_.Stop();
    thread_.join();
  }

  net::Task<void> Handle(net::Exchange& exchange) override {
    if (net::GrpcHandler::IsGrpc(exchange.request())) return grpc_.Handle(exchange);
    return TakeBody(exchange);
  }

  ForwardOptions Options(otlp::Protocol protocol = otlp::Protocol::kHttp) const {
    ForwardOptions options;
    options.destination.endpoint.host = "127.0.0.1";
    options.destination.endpoint.port = server_->port();
    options.destination.endpoint.http2 = protocol == otlp::Protocol::kGrpc;
    options.destination.protocol = protocol;
    options.headers.Add("x-token", "secret");
    return options;
  }

  // Before anything is sent, and after the forwarder has stopped.
  std::vector<int> statuses;
  std::vector<Received> received;
  uint64_t rejected_spans = 0;
  std::string media_type = "application/x-protobuf";
  bool refuses_token = false;  // over gRPC, and says which it was

 private:
  net::Task<void> TakeBody(net::Exchange& exchange) {
    const net::RequestHead& head = exchange.request();
    const auto header = [&](std::string_view name) {
      return std::string(head.headers.Get(name).value_or(""));
    };
    Received one{std::string(head.path()), "", header("content-encoding"), header("x-scope-orgid"),
                 header("x-token")};
    one.body = (co_await net::ReadWholeBody(exchange, kTestBodyLimit)).value();
    received.push_back(std::move(one));
    int status = 200;
    if (!statuses.empty()) {
      status = statuses.front();
      statuses.erase(statuses.begin());
    }
    const std::string reply = wire::EncodeExportTraceResponse(rejected_spans, "");
    (void)co_await net::ReplyText(exchange, status, media_type, reply);
  }

  net::Task<net::GrpcReply> TakeMessage(net::GrpcRequest request) {
    Received one;
    one.body = std::move(request.message);
    one.encoding = std::move(request.encoding);
    one.token = request.metadata->Get("x-token").value_or("");
    const std::string told = "unknown token '" + one.token + "'";
    received.push_back(std::move(one));
    net::GrpcReply reply;
    if (refuses_token) reply.status = {net::GrpcCode::kUnauthenticated, told, {}};
    co_return reply;
  }

  net::EventLoop loop_;
  net::GrpcHandler grpc_{kTestBodyLimit};
  std::unique_ptr<net::Server> server_;
  std::thread thread_;
};

IngestRequest Request(std::string body, wire::Format format = wire::Format::kOtlpProtobuf) {
  IngestRequest request;
  request.format = format;
  request.encoding = wire::ContentEncoding::kIdentity;
  request.body = std::move(body);
  return request;
}

// Forwards one body until it is answered for good.
Forwarder::Counters Forwarded(const ForwardOptions& options, const IngestRequest& request,
                              uint64_t spans = 1) {
  Forwarder forwarder(options);
  forwarder.OnStored(request, spans);
  for (int i = 0; i < 20'000 && forwarder.counters().waiting > 0; ++i) {
    std::this_thread::sleep_for(milliseconds(1));
  }
  forwarder.Stop(seconds(20));
  return forwarder.counters();
}

TEST(Forwarder, SendsAnOtlpBodyAsItCame) {
  Destination destination;
  IngestRequest request = Request(GoodRequest());
  request.tenant = "shop";
  EXPECT_EQ(Forwarded(destination.Options(), request).sent, 1u);
  ASSERT_EQ(destination.received.size(), 1u);
  const Destination::Received& received = destination.received.front();
  EXPECT_EQ(received.path, "/v1/traces");
  EXPECT_EQ(received.body, GoodRequest());
  EXPECT_EQ(received.encoding, "");
  EXPECT_EQ(received.tenant, "shop");
  EXPECT_EQ(received.token, "secret");
}

TEST(Forwarder, NamesNoTenantWhereThereIsOne) {
  Destination destination;
  Forwarded(destination.Options(), Request(GoodRequest()));
  EXPECT_EQ(destination.received.front().tenant, "");
}

TEST(Forwarder, WhatCameCompressedGoesOnInGzip) {
  Destination destination;
  IngestRequest request = Request(base::GzipCompress(GoodRequest()));
  request.encoding = wire::ContentEncoding::kGzip;
  EXPECT_EQ(Forwarded(destination.Options(), request).sent, 1u);
  EXPECT_EQ(destination.received.front().encoding, "gzip");
  EXPECT_EQ(base::Decompress(base::Codec::kGzip, destination.received.front().body, 4096).value(),
            GoodRequest());
}

TEST(Forwarder, TranslatesOtherFormats) {
  Destination destination;
  const IngestRequest request = Request(ThriftBatch(), wire::Format::kJaegerThriftBinary);
  EXPECT_EQ(Forwarded(destination.Options(), request).sent, 1u);
  const auto summary =
      wire::Validate(wire::Format::kOtlpProtobuf, destination.received.front().body);
  EXPECT_EQ(summary.value().accepted_spans, 1u);
}

TEST(Forwarder, LeavesOutSpansThatWereNotStored) {
  Destination destination;
  const std::string good = OtlpSpan(std::string(16, 'g'), "12345678");
  const IngestRequest request = Request(OtlpRequest(good + OtlpSpan("short", "12345678")));
  EXPECT_EQ(Forwarded(destination.Options(), request).sent, 1u);
  const auto summary =
      wire::Validate(wire::Format::kOtlpProtobuf, destination.received.front().body);
  EXPECT_EQ(summary.value().accepted_spans, 1u);
  EXPECT_EQ(summary.value().rejected_spans, 0u);
}

TEST(Forwarder, SpeaksGrpc) {
  Destination destination;
  const ForwardOptions options = destination.Options(otlp::Protocol::kGrpc);
  EXPECT_EQ(Forwarded(options, Request(GoodRequest())).sent, 1u);
  EXPECT_EQ(destination.received.front().body, GoodRequest());
  EXPECT_EQ(destination.received.front().token, "secret");
}

TEST(Forwarder, LogsNoTokenThatADestinationRepeats) {
  Destination destination;
  destination.refuses_token = true;
  ForwardOptions options = destination.Options(otlp::Protocol::kGrpc);
  options.headers.Set("x-token", "Bearer 5ecret-4711");
  EXPECT_EQ(Forwarded(options, Request(GoodRequest())).failed, 1u);
  EXPECT_EQ(destination.received.front().token, "Bearer 5ecret-4711");
  const std::vector<std::string> log = base::RecentLogLines();
  EXPECT_THAT(log, testing::Contains(testing::HasSubstr("unknown token '(left out)'")));
  EXPECT_THAT(log, testing::Not(testing::Contains(testing::HasSubstr("5ecret"))));
}

TEST(Forwarder, TriesAgainWhatMayComeLater) {
  Destination destination;
  destination.statuses = {503, 429};
  EXPECT_EQ(Forwarded(destination.Options(), Request(GoodRequest())).sent, 1u);
  EXPECT_EQ(destination.received.size(), 3u);
}

TEST(Forwarder, WhatIsRefusedFails) {
  Destination destination;
  destination.statuses = {400};
  const Forwarder::Counters counters = Forwarded(destination.Options(), Request(GoodRequest()), 7);
  EXPECT_EQ(counters.sent, 0u);
  EXPECT_EQ(counters.failed, 7u);
  EXPECT_EQ(destination.received.size(), 1u);
}

TEST(Forwarder, SpansThatAreRejectedFail) {
  Destination destination;
  destination.rejected_spans = 2;
  const Forwarder::Counters counters = Forwarded(destination.Options(), Request(GoodRequest()), 7);
  EXPECT_EQ(counters.sent, 5u);
  EXPECT_EQ(counters.failed, 2u);
}

TEST(Forwarder, AnyAnswerThatSaysYesIsOne) {
  Destination destination;
  destination.statuses = {202};
  destination.media_type = "application/json";
  destination.rejected_spans = 2;  // in an encoding that it is not said to be
  EXPECT_EQ(Forwarded(destination.Options(), Request(GoodRequest()), 7).sent, 7u);
}

// A port that nothing listens on, and room for two bodies.
TEST(Forwarder, WhatFindsNoRoomIsDroppedAndSoIsWhatWaitsAtTheEnd) {
  ForwardOptions options;
  {
    const Destination gone;
    options = gone.Options();
  }
  const IngestRequest request = Request(GoodRequest());
  options.queue_bytes = 2 * request.body.size();
  Forwarder forwarder(options);
  for (int i = 0; i < 3; ++i) forwarder.OnStored(request, 10);
  EXPECT_EQ(forwarder.counters().dropped, 10u);
  EXPECT_EQ(forwarder.counters().queued_bytes, options.queue_bytes);
  forwarder.Stop(seconds(20));
  EXPECT_EQ(forwarder.counters().dropped, 30u);
  EXPECT_EQ(forwarder.counters().sent + forwarder.counters().failed, 0u);
}

// One that takes a connection and never answers holds up nobody's end.
TEST(Forwarder, EndsWhileItWaitsForAnAnswer) {
  for (const auto protocol : {otlp::Protocol::kHttp, otlp::Protocol::kGrpc}) {
    const net::RawListener silent;
    ForwardOptions options;
    options.destination.endpoint.host = "127.0.0.1";
    options.destination.endpoint.port = silent.port();
    options.destination.endpoint.http2 = protocol == otlp::Protocol::kGrpc;
    options.destination.protocol = protocol;
    Forwarder forwarder(options);
    forwarder.OnStored(Request(GoodRequest()), 1);
    forwarder.Stop(milliseconds(20));
    EXPECT_EQ(forwarder.counters().dropped, 1u);
  }
}

}  // namespace
}  // namespace clew::ingest
