// SPDX-License-Identifier: Apache-2.0
//
// Clients that send or read their bodies slowly, and what all bodies together may take: over
// real sockets, in both protocols.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <string>
#include <thread>

#include "net/http2_fixture.h"
#include "net/raw_peer.h"

namespace clew::net {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::StartsWith;

constexpr size_t kNoLimit = size_t{1} << 30;

// Answers with the size of the body, or lets the server answer for what is wrong with it.
class SizeHandler final : public Handler {
 public:
  Task<void> Handle(Exchange& exchange) override {
    const base::Result<std::string> body = co_await ReadWholeBody(exchange, kNoLimit);
    if (!body.ok()) {
      if (body.error().code != base::ErrorCode::kExhausted) co_return;
      const std::string why = body.error().message;
      (void)co_await ReplyText(exchange, 429, "text/plain", why);
      co_return;
    }
    const std::string size = std::to_string(body.value().size());
    (void)co_await ReplyText(exchange, 200, "text/plain", size);
  }
};

class BodyLimits : public Http2Fixture {
 protected:
  // So that a drip is over after a tenth of a second.
  static ListenOptions Impatient() {
    ListenOptions options;
    options.timeouts.slow_body = milliseconds(100);
    return options;
  }
  base::Result<WholeResponse> Post(std::string_view body) {
    return On(client_->Fetch(endpoint(), Head("POST", "/"), body, Soon()));
  }

  BodyBudget budget_{size_t{1} << 20};
  SizeHandler handler_;
};

constexpr std::string_view kHead = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ";

// Each byte comes in time; the body as a whole never would.
TEST_F(BodyLimits, ABodyThatDripsInIsAnswered408) {
  Serve(handler_, Impatient());
  RawPeer client = RawPeer::ConnectTo(server_->port());
  std::promise<void> closed;
  std::thread dripper([&, done = closed.get_future()] {
    client.Send(std::string(kHead) + "100000\r\n\r\n");
    while (done.wait_for(milliseconds(10)) == std::future_status::timeout && client.Send("x")) {
    }
  });
  EXPECT_THAT(client.ReadToClose(), StartsWith("HTTP/1.1 408 "));
  closed.set_value();
  dripper.join();
}

TEST_F(BodyLimits, ABodyThatDripsInOverHttp2EndsWithTheDeadline) {
  std::promise<base::ErrorCode> ended;
  struct Reader final : Handler {
    explicit Reader(std::promise<base::ErrorCode>& promise) : ended(promise) {}
    Task<void> Handle(Exchange& exchange) override {
      const base::Result<std::string> body = co_await ReadWholeBody(exchange, kNoLimit);
      ended.set_value(body.ok() ? base::ErrorCode::kNotFound : body.error().code);
    }
    std::promise<base::ErrorCode>& ended;
  } reader(ended);
  Serve(reader, Impatient());
  auto opened = On(client_->Open(endpoint(), Head("POST", "/"), true, Soon()));
  ASSERT_TRUE(opened.ok());
  auto code = ended.get_future();
  while (code.wait_for(milliseconds(10)) == std::future_status::timeout) {
    (void)On(opened.value()->WriteBody("x"));
  }
  EXPECT_EQ(code.get(), base::ErrorCode::kDeadlineExceeded);
  On(Destroy(opened.value()));
}

TEST_F(BodyLimits, AFastBodyIsNotTouchedByTheMinimum) {
  Serve(handler_, Impatient());
  EXPECT_EQ(Post(std::string(300'000, 'x')).value().body, "300000");
}

TEST_F(BodyLimits, ABodyThatFindsNoRoomIsAnsweredAndTheNextOneServed) {
  ListenOptions options;
  options.bodies = &budget_;
  Serve(handler_, options);
  const auto refused = Post(std::string(size_t{2} << 20, 'x'));
  ASSERT_TRUE(refused.ok()) << refused.error().message;
  EXPECT_EQ(refused.value().head.status, 429);
  EXPECT_THAT(refused.value().body, HasSubstr("1048576 bytes"));
  EXPECT_EQ(Post("abc").value().body, "3");
  EXPECT_EQ(budget_.counters().refused_bodies, 1u);
}

TEST_F(BodyLimits, RoomComesBackWithTheAnswer) {
  ListenOptions options;
  options.bodies = &budget_;
  Serve(handler_, options);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(Post(std::string(900'000, 'x')).value().body, "900000");
}

TEST_F(BodyLimits, ASlowBodyGivesWayToOneThatComesAtOnce) {
  ListenOptions options;
  options.bodies = &budget_;
  Serve(handler_, options);
  RawPeer slow = RawPeer::ConnectTo(server_->port());
  slow.Send(std::string(kHead) + "900000\r\n\r\n" + std::string(700'000, 'x'));
  while (budget_.counters().held_bytes < 700'000) std::this_thread::yield();
  EXPECT_EQ(Post(std::string(400'000, 'x')).value().body, "400000");
  EXPECT_THAT(slow.ReadToClose(), StartsWith("HTTP/1.1 429 "));
  EXPECT_EQ(budget_.counters().given_way_bodies, 1u);
}

TEST_F(BodyLimits, ASlowStreamGivesWayToo) {
  ListenOptions options;
  options.bodies = &budget_;
  Serve(handler_, options);
  auto slow = On(client_->Open(endpoint(), Head("POST", "/"), true, Soon()));
  ASSERT_TRUE(slow.ok());
  const std::string part(700'000, 'x');
  EXPECT_TRUE(On(slow.value()->WriteBody(part)).ok());
  while (budget_.counters().held_bytes < 700'000) std::this_thread::yield();
  EXPECT_EQ(Post(std::string(400'000, 'x')).value().body, "400000");
  EXPECT_EQ(On(slow.value()->ReadHead()).value().status, 429);
  On(Destroy(slow.value()));
}

// The client's windows are full, and it opens them no more.
TEST_F(BodyLimits, AnAnswerThatNobodyReadsIsGivenUp) {
  std::promise<base::ErrorCode> ended;
  struct Writer final : Handler {
    explicit Writer(std::promise<base::ErrorCode>& promise) : ended(promise) {}
    Task<void> Handle(Exchange& exchange) override {
      ResponseHead head;
      (void)co_await exchange.WriteHead(std::move(head));
      const std::string piece(size_t{1} << 20, 'x');
      base::Status sent;
      while (sent.ok()) sent = co_await exchange.WriteBody(piece);
      ended.set_value(sent.error().code);
    }
    std::promise<base::ErrorCode>& ended;
  } writer(ended);
  ListenOptions options;
  options.timeouts.stall = milliseconds(100);
  Serve(writer, options);
  auto opened = On(client_->Open(endpoint(), Head("GET", "/"), false, Soon()));
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(ended.get_future().get(), base::ErrorCode::kDeadlineExceeded);
  On(Destroy(opened.value()));
}

TEST_F(BodyLimits, WhenConnectionsAreShortThoseThatDoNothingAreClosed) {
  ListenOptions options;
  options.connections = std::make_shared<ConnectionLimit>(4);
  options.timeouts.idle_in_shortage = milliseconds(0);
  options.bodies = &budget_;
  Serve(handler_, options);
  RawPeer idle = RawPeer::ConnectTo(server_->port());
  RawPeer begun = RawPeer::ConnectTo(server_->port());
  begun.Send("GET / HTTP/1.1\r\nHo");
  RawPeer served = RawPeer::ConnectTo(server_->port());
  served.Send(std::string(kHead) + "3\r\n\r\na");
  while (budget_.counters().held_bytes == 0) std::this_thread::yield();
  const RawPeer last = RawPeer::ConnectTo(server_->port());
  EXPECT_EQ(idle.ReadToClose(), "");
  EXPECT_EQ(begun.ReadToClose(), "");
  served.Send("bc");
  EXPECT_THAT(served.ReadThrough("\r\n\r\n3"), HasSubstr("200 OK"));
}

}  // namespace
}  // namespace clew::net
