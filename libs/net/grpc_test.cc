// SPDX-License-Identifier: Apache-2.0
#include "net/grpc.h"

#include <gmock/gmock.h>

#include "base/compression.h"
#include "net/grpc_wire.h"
#include "net/http2_fixture.h"
#include "wire/otlp_response.h"

namespace clew::net {
namespace {

using std::chrono::milliseconds;

constexpr size_t kTestMessageLimit = 1000;

class Grpc : public Http2Fixture {
 protected:
  void SetUp() override {
    Http2Fixture::SetUp();
    handler_.Add("/t.T/Echo", [](Exchange&, GrpcRequest request) -> Task<GrpcReply> {
      co_return GrpcReply{{}, request.encoding + ":" + request.message};
    });
    handler_.Add("/t.T/Refuse", [](Exchange&, GrpcRequest) -> Task<GrpcReply> {
      co_return GrpcReply{
          {GrpcCode::kUnavailable, "full: 100% \xc3\xa9", std::string("\x08\x0e\0", 3)}, {}};
    });
    handler_.Add("/t.T/Slow", [](Exchange& exchange, GrpcRequest) -> Task<GrpcReply> {
      while (!exchange.cancelled()) co_await exchange.loop().SleepFor(milliseconds(1));
      co_return GrpcReply{};
    });
    Serve(handler_, options_);
  }

  GrpcReply Call(std::string_view path, std::string_view message, std::string_view encoding = "",
                 milliseconds timeout = milliseconds(20'000)) {
    const GrpcCallRequest request{path, message, metadata_, encoding == "gzip"};
    return On(GrpcCall(*client_, endpoint(), request, In(timeout)));
  }

  // What the server answers to bytes that no gRPC client would send.
  WholeResponse Post(std::string_view body, std::string_view type = "application/grpc") {
    RequestHead head = Head("POST", "/t.T/Echo");
    head.headers.Add("content-type", type);
    return On(client_->Fetch(endpoint(), std::move(head), body, Soon())).value();
  }

  const Headers metadata_;
  ListenOptions options_;
  GrpcHandler handler_{kTestMessageLimit};
};

TEST_F(Grpc, AnswersAUnaryCall) {
  const GrpcReply reply = Call("/t.T/Echo", "hello");
  EXPECT_EQ(reply.status.code, GrpcCode::kOk) << reply.status.message;
  EXPECT_EQ(reply.message, "identity:hello");
}

TEST_F(Grpc, AnswersAnEmptyMessage) {
  EXPECT_EQ(Call("/t.T/Echo", "").message, "identity:");
}

TEST_F(Grpc, PassesACompressedMessageOnAsItIs) {
  const GrpcReply reply = Call("/t.T/Echo", "hello", "gzip");
  ASSERT_TRUE(reply.message.starts_with("gzip:"));
  EXPECT_EQ(base::Decompress(base::Codec::kGzip, reply.message.substr(5), 100).value(), "hello");
}

TEST_F(Grpc, AnUnknownMethodIsUnimplemented) {
  const GrpcReply reply = Call("/t.T/Nothing", "");
  EXPECT_EQ(reply.status.code, GrpcCode::kUnimplemented);
  EXPECT_EQ(reply.status.message, "unknown method /t.T/Nothing");
}

TEST_F(Grpc, CarriesTheMessageAndDetailsOfAnError) {
  const GrpcReply reply = Call("/t.T/Refuse", "");
  EXPECT_EQ(reply.status.code, GrpcCode::kUnavailable);
  EXPECT_EQ(reply.status.message, "full: 100% \xc3\xa9");
  EXPECT_EQ(reply.status.details, std::string("\x08\x0e\0", 3));
}

TEST_F(Grpc, ACallEndsAtItsDeadline) {
  EXPECT_EQ(Call("/t.T/Slow", "", "", milliseconds(100)).status.code, GrpcCode::kDeadlineExceeded);
}

TEST_F(Grpc, AMessageOverTheLimitIsResourceExhausted) {
  EXPECT_EQ(Call("/t.T/Echo", std::string(1000, 'x')).status.code, GrpcCode::kOk);
  EXPECT_EQ(Call("/t.T/Echo", std::string(1001, 'x')).status.code, GrpcCode::kResourceExhausted);
}

TEST_F(Grpc, ATruncatedMessageIsInvalid) {
  const std::string framed = GrpcPrefix(5, false) + "hell";
  const WholeResponse response = Post(framed);
  EXPECT_EQ(response.head.status, 200);
  EXPECT_EQ(response.head.headers.Get("grpc-status"), "3");
  EXPECT_EQ(response.head.headers.Get("grpc-message"), "grpc message ended early: 4 of 5 bytes");
}

TEST_F(Grpc, ASecondMessageIsRefused) {
  const std::string framed = GrpcPrefix(1, false) + "a";
  EXPECT_EQ(Post(framed + framed).head.headers.Get("grpc-status"), "12");
}

TEST_F(Grpc, ACallWithoutAMessageIsInvalid) {
  EXPECT_EQ(Post("").head.headers.Get("grpc-status"), "3");
}

TEST_F(Grpc, ACompressedMessageWithoutAnEncodingIsRefused) {
  EXPECT_EQ(Post(GrpcPrefix(1, true) + "a").head.headers.Get("grpc-status"), "13");
}

class GrpcWithLittleRoom : public Grpc {
 protected:
  GrpcWithLittleRoom() { options_.bodies = &bodies_; }

  BodyBudget bodies_{100};
};

TEST_F(GrpcWithLittleRoom, AMessageThatFindsNoRoomMayComeAgain) {
  const GrpcReply refused = Call("/t.T/Echo", std::string(900, 'x'));
  EXPECT_EQ(refused.status.code, GrpcCode::kResourceExhausted);
  EXPECT_THAT(refused.status.message, testing::HasSubstr("at most 100 bytes"));
  EXPECT_EQ(refused.status.details, wire::EncodeRpcStatus(8, refused.status.message, 5));
  EXPECT_EQ(Call("/t.T/Echo", "x").message, "identity:x");
}

TEST_F(Grpc, AMessageOverTheLimitIsNotToBeSentAgain) {
  const GrpcReply refused = Call("/t.T/Echo", std::string(kTestMessageLimit + 1, 'x'));
  EXPECT_EQ(refused.status.code, GrpcCode::kResourceExhausted);
  EXPECT_EQ(refused.status.details, "");
}

TEST_F(Grpc, AnotherContentTypeIsUnsupported) {
  EXPECT_EQ(Post("x", "application/json").head.status, 415);
}

TEST_F(Grpc, Http1IsToldToUseHttp2) {
  RequestHead head = Head("POST", "/t.T/Echo");
  head.headers.Add("content-type", "application/grpc");
  Endpoint http1 = endpoint();
  http1.http2 = false;
  EXPECT_EQ(On(client_->Fetch(http1, std::move(head), "x", Soon())).value().head.status, 505);
}

TEST_F(Grpc, NobodyThereIsUnavailable) {
  const Endpoint nobody{"127.0.0.1", 1, false, true};
  const GrpcCallRequest request{"/t.T/Echo", "", metadata_};
  const GrpcReply reply = On(GrpcCall(*client_, nobody, request, Soon()));
  EXPECT_EQ(reply.status.code, GrpcCode::kUnavailable);
}

TEST(GrpcWire, ReadsTimeouts) {
  using std::chrono::nanoseconds;
  EXPECT_EQ(ParseGrpcTimeout("100m"), nanoseconds(100'000'000));
  EXPECT_EQ(ParseGrpcTimeout("1n"), nanoseconds(1));
  EXPECT_EQ(ParseGrpcTimeout("2H"), std::chrono::hours(2));
  EXPECT_EQ(ParseGrpcTimeout("99999999H"), std::chrono::hours(24 * 365));
  EXPECT_EQ(ParseGrpcTimeout("-1S"), std::nullopt);
  EXPECT_EQ(ParseGrpcTimeout("1"), std::nullopt);
  EXPECT_EQ(ParseGrpcTimeout("1s"), std::nullopt);
  EXPECT_EQ(ParseGrpcTimeout("123456789S"), std::nullopt);
}

TEST(GrpcWire, WritesTimeoutsInAtMostEightDigits) {
  EXPECT_EQ(FormatGrpcTimeout(milliseconds(50)), "50000000n");
  EXPECT_EQ(FormatGrpcTimeout(milliseconds(100)), "100000u");
  EXPECT_EQ(FormatGrpcTimeout(std::chrono::hours(2)), "7200000m");
}

TEST(GrpcWire, Base64ReadsWhatItWrites) {
  EXPECT_EQ(EncodeBase64("a"), "YQ");
  EXPECT_EQ(EncodeBase64("abc"), "YWJj");
  EXPECT_EQ(DecodeBase64("YQ=="), "a");
  EXPECT_EQ(DecodeBase64("YWJj"), "abc");
  EXPECT_EQ(DecodeBase64("Y*"), std::nullopt);
}

TEST(GrpcWire, ReadsAMessageFedByteByByte) {
  GrpcMessageReader reader(10);
  for (const char c : GrpcPrefix(3, true) + "abc") {
    ASSERT_TRUE(reader.Feed(std::string_view(&c, 1)).ok());
  }
  EXPECT_TRUE(reader.CheckComplete().ok());
  EXPECT_TRUE(reader.compressed());
  EXPECT_EQ(reader.TakeMessage(), "abc");
}

}  // namespace
}  // namespace clew::net
