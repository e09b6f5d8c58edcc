// SPDX-License-Identifier: Apache-2.0
#include "net/ended_connections.h"

#include <gmock/gmock.h>
#include <sys/resource.h>

#include <map>
#include <utility>

#include "net/http2_fixture.h"
#include "net/http2_session.h"
#include "net/raw_http2.h"
#include "net/raw_peer.h"

namespace clew::net {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class BodyReader final : public Handler {
 public:
  Task<void> Handle(Exchange& exchange) override {
    const base::Result<std::string> body = co_await ReadWholeBody(exchange, 1 << 20);
    if (body.ok()) (void)co_await ReplyText(exchange, 200, "text/plain", "whole");
  }
};

using Counts = std::map<std::string, uint64_t>;

class EndedConnectionsTest : public Http2Fixture {
 protected:
  void Listen(ListenOptions options = {}) {
    options.counters = counters_;
    Serve(handler_, options);
  }
  // What the server says to who sends this.
  std::string Say(std::string_view bytes) {
    RawPeer client = RawPeer::ConnectTo(server_->port());
    client.Send(bytes);
    return client.ReadToClose();
  }
  // Those that are not 0.
  Counts counts() const {
    Counts counts;
    for (const EndReason reason : kEndReasons) {
      const uint64_t count = counters_->ended.count(reason);
      if (count > 0) counts.emplace(NameOf(reason), count);
    }
    return counts;
  }

  const std::shared_ptr<PortCounters> counters_ = std::make_shared<PortCounters>("test");
  BodyReader handler_;
};

TEST_F(EndedConnectionsTest, CountsFloodsOfHttp2) {
  Listen();
  std::string resets = RawHttp2Beginning();
  for (uint32_t stream = 1; stream < 2 * 202; stream += 2) {
    resets += RawRequest(stream) + RawFrame(kRawReset, 0, stream, std::string("\0\0\0\x8", 4));
  }
  std::string pings = RawHttp2Beginning();
  for (int i = 0; i < 1001; ++i) pings += RawFrame(kRawPing, 0, 0, "12345678");
  std::string continuations = RawHttp2Beginning() + RawBegunHead(1);
  for (int i = 0; i < 6; ++i) continuations += RawFrame(kRawContinuation, 0, 1, "\x86");
  for (const std::string& flood : {resets, pings, continuations}) Say(flood);
  EXPECT_EQ(counts(), (Counts{{"continuations", 1}, {"control_frames", 1}, {"resets", 1}}));
}

TEST_F(EndedConnectionsTest, CountsHeadsAndBodiesThatAreLate) {
  ListenOptions options;
  options.timeouts.header = options.timeouts.stall = milliseconds(50);
  Listen(options);
  Say("GET / HTTP/1.1\r\nX: ");
  Say("PRI * HTTP/2");
  Say(RawHttp2Beginning() + RawBegunHead(1));
  EXPECT_THAT(Say("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nx"),
              StartsWith("HTTP/1.1 408 "));
  EXPECT_EQ(counts(), (Counts{{"slow_body", 1}, {"slow_head", 3}}));
}

TEST_F(EndedConnectionsTest, CountsWhatIsTooLargeOrNoHttp) {
  Listen();
  Say("GET / HTTP/1.1\r\nX: " + std::string(70'000, 'x') + "\r\n\r\n");
  Say("what is this\r\n\r\n");
  Say("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nmany\r\n");
  // No stream has an even number.
  Say(RawHttp2Beginning() + RawRequest(2));
  EXPECT_EQ(counts(), (Counts{{"large_head", 1}, {"malformed", 3}}));
}

TEST_F(EndedConnectionsTest, CountsWhoReadsNothing) {
  ListenOptions options;
  options.timeouts.stall = milliseconds(50);
  Listen(options);
  RawPeer client = RawPeer::ConnectTo(server_->port());
  // Answers to as many requests are more than the kernel holds.
  std::string requests;
  for (int i = 0; i < 10'000; ++i) requests += "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  while (client.Send(requests)) {
  }
  while (counts().empty()) std::this_thread::yield();
  EXPECT_EQ(counts(), (Counts{{"unread_answer", 1}}));
}

// A head that has begun is nothing done.
TEST_F(EndedConnectionsTest, CountsWhatMakesRoomForOthers) {
  ListenOptions options;
  options.timeouts.idle_in_shortage = milliseconds(0);
  options.connections = std::make_shared<ConnectionLimit>(2);
  Listen(options);
  RawPeer client = RawPeer::ConnectTo(server_->port());
  client.Send(RawHttp2Beginning() + RawBegunHead(1));
  client.ReadThrough(RawFrame(kRawSettings, kRawAck, 0));
  const RawPeer other = RawPeer::ConnectTo(server_->port());
  EXPECT_THAT(client.ReadToClose(), EndsWith(RawGoaway(1, kHttp2NoError)));
  EXPECT_GE(counts().at("shortage"), 1u);
}

TEST_F(EndedConnectionsTest, LeavesOutWhoTakesLeave) {
  ListenOptions options;
  options.timeouts.idle = milliseconds(50);
  Listen(options);
  EXPECT_THAT(Say("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), EndsWith("whole"));
  EXPECT_THAT(Say("GET / HTTP/1.1\r\nConnection: close\r\nHost: a\r\n\r\n"), EndsWith("whole"));
  EXPECT_THAT(Say(RawHttp2Beginning() + RawRequest(1)),
              AllOf(HasSubstr("whole"), EndsWith(RawGoaway(1, kHttp2NoError))));
  EXPECT_EQ(counts(), Counts());
}

// All file descriptors but one, which the client's end of a connection takes.
class OneDescriptor {
 public:
  OneDescriptor() {
    CHECK(getrlimit(RLIMIT_NOFILE, &before_) == 0);
    const int next = ::dup(STDERR_FILENO);
    CHECK(next >= 0);
    ::close(next);
    const rlimit few{.rlim_cur = static_cast<rlim_t>(next) + 1, .rlim_max = before_.rlim_max};
    CHECK(setrlimit(RLIMIT_NOFILE, &few) == 0);
  }
  OneDescriptor(const OneDescriptor&) = delete;
  OneDescriptor& operator=(const OneDescriptor&) = delete;
  ~OneDescriptor() { setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

TEST_F(EndedConnectionsTest, AreAcceptedOnceThereAreFileDescriptorsAgain) {
  Listen();
  std::optional<OneDescriptor> few(std::in_place);
  RawPeer client = RawPeer::ConnectTo(server_->port());
  while (counters_->failed_accepts.value() == 0) std::this_thread::yield();
  EXPECT_EQ(counters_->accepted.value(), 0u);
  few.reset();
  client.Send("GET / HTTP/1.1\r\nConnection: close\r\nHost: a\r\n\r\n");
  EXPECT_THAT(client.ReadToClose(), EndsWith("whole"));
}

}  // namespace
}  // namespace clew::net
