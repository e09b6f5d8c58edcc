// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <string>
#include <utility>
#include <vector>

#include "net/grpc.h"
#include "net/grpc_wire.h"
#include "net/http2_fixture.h"

using testing::ElementsAre;
using testing::IsEmpty;

namespace clew::net {
namespace {

using std::chrono::milliseconds;

constexpr size_t kStreamMessageLimit = 1000;
constexpr size_t kMebibyte = size_t{1} << 20;

struct StreamReply {
  std::vector<std::string> messages;
  GrpcStatus status;
};

// The messages of a body; none when it ends inside of one.
std::vector<std::string> SplitMessages(std::string_view body) {
  std::vector<std::string> messages;
  while (!body.empty()) {
    size_t length = 0;
    if (body.size() < kGrpcPrefixBytes) return {};
    for (size_t i = 1; i < kGrpcPrefixBytes; ++i) {
      length = length << 8 | static_cast<uint8_t>(body[i]);
    }
    body.remove_prefix(kGrpcPrefixBytes);
    if (body.size() < length) return {};
    messages.emplace_back(body.substr(0, length));
    body.remove_prefix(length);
  }
  return messages;
}

class GrpcStreaming : public Http2Fixture {
 protected:
  void AddAndServe(GrpcStreamingMethod method) {
    handler_.AddStreaming("/t.T/Stream", std::move(method));
    Serve(port_);
  }

  RequestHead CallHead(std::string_view timeout = "") {
    RequestHead head = Head("POST", "/t.T/Stream");
    head.headers.Add("content-type", "application/grpc");
    if (!timeout.empty()) head.headers.Add("grpc-timeout", timeout);
    return head;
  }

  StreamReply Call(std::string_view message, std::string_view timeout = "") {
    const std::string framed = GrpcPrefix(message.size(), false) + std::string(message);
    const WholeResponse response =
        On(client_->Fetch(endpoint(), CallHead(timeout), framed, Soon())).value();
    std::optional<GrpcStatus> status = StatusFromFields(response.trailers);
    if (!status) status = StatusFromFields(response.head.headers);
    return {SplitMessages(response.body), status.value_or(GrpcStatus{GrpcCode::kUnknown, {}, {}})};
  }

  Task<base::Result<std::unique_ptr<ClientExchange>>> Open(RequestHead head) {
    const std::string framed = GrpcPrefix(0, false);
    auto opened = co_await client_->Open(endpoint(), std::move(head), true, Soon());
    if (!opened.ok()) co_return opened;
    (void)co_await opened.value()->WriteBody(framed);
    (void)co_await opened.value()->FinishBody();
    (void)co_await opened.value()->ReadHead();
    co_return opened;
  }

  // For what is no gRPC.
  class Plain final : public Handler {
   public:
    Task<void> Handle(Exchange& exchange) override {
      (void)co_await ReplyText(exchange, 200, "text/plain", "plain");
    }
  };

  GrpcHandler handler_{kStreamMessageLimit};
  Plain plain_;
  GrpcOrHttp port_{handler_, plain_};
};

TEST_F(GrpcStreaming, SendsMessagesInOrderAndTheStatusAfterThem) {
  AddAndServe([](Exchange&, GrpcRequest request, GrpcSender& sender) -> Task<GrpcStatus> {
    for (const char c : request.message) (void)co_await sender.Send(std::string(3, c));
    (void)co_await sender.Send("");
    co_return GrpcStatus{GrpcCode::kInternal, "and no more", {}};
  });
  const StreamReply reply = Call("ab");
  EXPECT_THAT(reply.messages, ElementsAre("aaa", "bbb", ""));
  EXPECT_EQ(reply.status.code, GrpcCode::kInternal);
  EXPECT_EQ(reply.status.message, "and no more");
}

TEST_F(GrpcStreaming, AStreamMayHaveNoMessages) {
  AddAndServe(
      [](Exchange&, GrpcRequest, GrpcSender&) -> Task<GrpcStatus> { co_return GrpcStatus{}; });
  const StreamReply reply = Call("");
  EXPECT_THAT(reply.messages, IsEmpty());
  EXPECT_EQ(reply.status.code, GrpcCode::kOk);
}

TEST_F(GrpcStreaming, ACallThatIsLateEndsSoAfterWhatWasSent) {
  AddAndServe([](Exchange& exchange, GrpcRequest, GrpcSender& sender) -> Task<GrpcStatus> {
    (void)co_await sender.Send("first");
    while (!sender.cancelled()) co_await exchange.loop().SleepFor(milliseconds(1));
    (void)co_await sender.Send("too late");
    co_return GrpcStatus{};
  });
  const StreamReply reply = Call("", "100m");
  EXPECT_THAT(reply.messages, ElementsAre("first"));
  EXPECT_EQ(reply.status.code, GrpcCode::kDeadlineExceeded);
}

TEST_F(GrpcStreaming, TrailersCarryTheMetadataOfTheStatus) {
  AddAndServe([](Exchange&, GrpcRequest, GrpcSender&) -> Task<GrpcStatus> {
    GrpcStatus status;
    status.metadata.Add("x-more", "than that");
    co_return status;
  });
  const WholeResponse response =
      On(client_->Fetch(endpoint(), CallHead(), GrpcPrefix(0, false), Soon())).value();
  EXPECT_EQ(response.head.headers.Get("x-more"), "than that");
}

TEST_F(GrpcStreaming, AClientThatGoesCancelsTheCall) {
  std::promise<bool> seen;
  AddAndServe([&](Exchange& exchange, GrpcRequest, GrpcSender& sender) -> Task<GrpcStatus> {
    (void)co_await sender.Send("first");
    while (!sender.cancelled()) co_await exchange.loop().SleepFor(milliseconds(1));
    seen.set_value(!(co_await sender.Send("nobody takes it")).ok());
    co_return GrpcStatus{};
  });
  std::unique_ptr<ClientExchange> call = On(Open(CallHead())).value();
  On(Destroy(call));
  EXPECT_TRUE(seen.get_future().get());
}

TEST_F(GrpcStreaming, ASlowReaderHoldsTheSenderBack) {
  constexpr size_t kMessages = 64;
  // What the client's window, the server's writes and the sockets hold.
  constexpr size_t kMostUnderWay = 20 * kMebibyte;
  std::atomic<size_t> sent_bytes = 0;
  AddAndServe([&](Exchange&, GrpcRequest, GrpcSender& sender) -> Task<GrpcStatus> {
    const std::string message(kMebibyte, 'x');
    for (size_t i = 0; i < kMessages; ++i) {
      if (!(co_await sender.Send(message)).ok()) break;
      sent_bytes += message.size();
    }
    co_return GrpcStatus{};
  });
  std::unique_ptr<ClientExchange> call = On(Open(CallHead())).value();
  size_t read_bytes = 0;
  while (true) {
    const base::Result<std::string_view> piece = On(call->ReadBody());
    ASSERT_TRUE(piece.ok()) << piece.error().message;
    if (piece.value().empty()) break;
    read_bytes += piece.value().size();
    ASSERT_LE(sent_bytes, read_bytes + kMostUnderWay);
  }
  EXPECT_EQ(read_bytes, kMessages * (kMebibyte + kGrpcPrefixBytes));
  EXPECT_EQ(StatusFromFields(call->response_trailers())->code, GrpcCode::kOk);
  On(Destroy(call));
}

TEST_F(GrpcStreaming, WhatIsNoGrpcGoesToTheOtherHandlerOfThePort) {
  Serve(port_);
  EXPECT_EQ(On(client_->Fetch(endpoint(), Head("GET", "/"), "", Soon())).value().body, "plain");
  RequestHead web = Head("POST", "/");
  web.headers.Add("content-type", "application/grpc-web");
  EXPECT_EQ(On(client_->Fetch(endpoint(), std::move(web), "", Soon())).value().body, "plain");
  EXPECT_EQ(Call("").status.code, GrpcCode::kUnimplemented);
}

}  // namespace
}  // namespace clew::net
