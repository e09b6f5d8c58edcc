// SPDX-License-Identifier: Apache-2.0
#include "net/http2_session.h"

#include <gmock/gmock.h>

#include "net/http2_limits.h"
#include "net/raw_http2.h"

namespace clew::net {
namespace {

constexpr size_t kNoLimit = 64u << 20;

std::string Take(Http2Session& session) {
  std::string out;
  EXPECT_TRUE(session.Send(out, kNoLimit).ok());
  return out;
}

RequestHead Get() {
  RequestHead head;
  head.method = "GET";
  head.target = "/";
  head.authority = "test";
  return head;
}

class Http2Pair : public testing::Test {
 protected:
  Http2Pair() { Exchange(); }

  // Carries what both have to say until they are silent.
  void Exchange() {
    while (true) {
      const std::string to_server = Take(client_);
      if (!to_server.empty()) (void)server_.Receive(to_server, now_);
      const std::string to_client = Take(server_);
      if (!to_client.empty()) (void)client_.Receive(to_client, now_);
      if (to_server.empty() && to_client.empty()) return;
    }
  }

  Http2Session::TimePoint now_{};
  Http2Session client_{Http2Role::kClient};
  Http2Session server_{Http2Role::kServer};
};

TEST_F(Http2Pair, OpensTheWindowOnlyAsTheInputIsTaken) {
  const auto sent = client_.SubmitRequest(Get(), true).value();
  const std::string body(10 << 20, 'x');
  client_.QueueBody(*sent, body);
  Exchange();
  const auto received = server_.TakeChanged().at(0);
  EXPECT_EQ(received->input.size(), kHttp2StreamWindowBytes);
  server_.Consume(*received, received->input.size());
  received->input.clear();
  Exchange();
  EXPECT_EQ(received->input.size(), body.size() - kHttp2StreamWindowBytes);
  EXPECT_TRUE(sent->output.empty());
}

TEST_F(Http2Pair, InputThatNobodyReadsDoesNotBlockTheConnection) {
  const std::string body(8 << 20, 'x');
  for (int i = 0; i < 10; ++i) {
    const auto sent = client_.SubmitRequest(Get(), true).value();
    client_.QueueBody(*sent, body);
    Exchange();
    for (const auto& stream : server_.TakeChanged()) server_.DiscardInput(*stream);
    Exchange();
    EXPECT_TRUE(sent->output.empty()) << i;
    client_.Reset(*sent, kHttp2Cancel);
    Exchange();
  }
}

TEST_F(Http2Pair, RefusesAConnectionSpecificField) {
  // ":method: GET", ":scheme: http", ":path: /" and "connection: close", as HPACK.
  const std::string block = "\x82\x86\x84" + std::string("\x40\x0a") +
                            "connection\x05"
                            "close";
  std::string bytes = RawHttp2Beginning();
  bytes += RawFrame(kRawHeaders, kRawEndStream | kRawEndHeaders, 1, block);
  Http2Session fresh(Http2Role::kServer);
  ASSERT_TRUE(fresh.Receive(bytes, now_).ok());
  for (const auto& stream : fresh.TakeChanged()) EXPECT_FALSE(stream->head_complete);
}

TEST_F(Http2Pair, RapidResetsEndTheConnection) {
  std::vector<Http2Session::StreamPointer> streams;
  for (int i = 0; i < 202; ++i) {
    const auto stream = client_.SubmitRequest(Get(), true).value();
    Exchange();
    client_.Reset(*stream, kHttp2Cancel);
    Exchange();
  }
  EXPECT_TRUE(server_.done());
  EXPECT_FALSE(client_.may_open_streams());
}

TEST_F(Http2Pair, ResetsThatAreFewAmongAllStreamsAreServed) {
  for (int i = 0; i < 600; ++i) {
    const auto stream = client_.SubmitRequest(Get(), false).value();
    Exchange();
    if (i % 3 == 0) {
      client_.Reset(*stream, kHttp2Cancel);
    } else {
      for (const auto& received : server_.TakeChanged())
        server_.SubmitResponse(*received, {}, true);
    }
    Exchange();
  }
  EXPECT_FALSE(server_.done());
}

TEST_F(Http2Pair, AFloodOfPingsEndsTheConnection) {
  std::string pings;
  for (int i = 0; i < 1001; ++i) pings += RawFrame(kRawPing, 0, 0, "12345678");
  (void)server_.Receive(pings, now_);
  EXPECT_THAT(Take(server_), testing::EndsWith(RawGoaway(0, kHttp2EnhanceYourCalm)));
}

TEST_F(Http2Pair, PingsSpreadOverTimeAreAnswered) {
  for (int i = 0; i < 3000; ++i) {
    now_ += std::chrono::milliseconds(10);
    ASSERT_TRUE(server_.Receive(RawFrame(kRawPing, 0, 0, "12345678"), now_).ok());
    EXPECT_EQ(Take(server_), RawFrame(kRawPing, kRawAck, 0, "12345678"));
  }
}

TEST_F(Http2Pair, AnEndlessHeadEndsTheConnection) {
  std::string bytes = RawFrame(kRawHeaders, 0, 1, "\x82");
  for (int i = 0; i < 6; ++i) bytes += RawFrame(kRawContinuation, 0, 1, "\x86");
  EXPECT_FALSE(server_.Receive(bytes, now_).ok());
}

TEST_F(Http2Pair, ShutdownServesWhatWasSentBeforeTheClientKnew) {
  const auto early = client_.SubmitRequest(Get(), false).value();
  const std::string in_flight = Take(client_);
  server_.StartShutdown();
  const std::string notice = Take(server_);
  (void)server_.Receive(in_flight, now_);
  (void)client_.Receive(notice, now_);
  Exchange();
  EXPECT_FALSE(client_.may_open_streams());
  EXPECT_FALSE(server_.done());
  for (const auto& stream : server_.TakeChanged()) server_.SubmitResponse(*stream, {}, true);
  Exchange();
  EXPECT_EQ(early->response.status, 200);
  EXPECT_TRUE(server_.done());
}

}  // namespace
}  // namespace clew::net
