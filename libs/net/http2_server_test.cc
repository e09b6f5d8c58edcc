// SPDX-License-Identifier: Apache-2.0
#include "net/http2_server.h"

#include <gmock/gmock.h>

#include <atomic>
#include <functional>
#include <map>

#include "net/http2_fixture.h"
#include "net/http2_limits.h"
#include "net/http2_session.h"
#include "net/transport.h"

namespace clew::net {
namespace {

using std::chrono::milliseconds;

class FunctionHandler final : public Handler {
 public:
  using Function = std::function<Task<void>(Exchange&)>;
  explicit FunctionHandler(Function function) : function_(std::move(function)) {}
  Task<void> Handle(Exchange& exchange) override { return function_(exchange); }

 private:
  Function function_;
};

Task<void> EchoBody(Exchange& exchange) {
  ResponseHead head;
  head.headers.Add("X-Method", exchange.request().method);
  head.headers.Add("Connection", "close");  // must not reach an HTTP/2 peer
  base::Status sent = co_await exchange.WriteHead(std::move(head));
  while (sent.ok()) {
    const base::Result<std::string_view> piece = co_await exchange.ReadBody();
    if (!piece.ok()) co_return;
    if (piece.value().empty()) break;
    sent = co_await exchange.WriteBody(piece.value());
  }
  Headers trailers;
  trailers.Add("checksum", "7");
  sent = co_await exchange.Finish(std::move(trailers));
}

class Http2Server : public Http2Fixture {
 public:
  base::Result<WholeResponse> Fetch(RequestHead head, std::string_view body = {},
                                    size_t limit = 64u << 20) {
    return On(client_->Fetch(endpoint(), std::move(head), body, Soon(), limit));
  }
};

TEST_F(Http2Server, EchoesABodyAndSendsTrailers) {
  FunctionHandler handler(EchoBody);
  Serve(handler);
  const auto response = Fetch(Head("POST", "/a?b"), "hello");
  ASSERT_TRUE(response.ok()) << response.error().message;
  EXPECT_EQ(response.value().head.status, 200);
  EXPECT_EQ(response.value().body, "hello");
  EXPECT_EQ(response.value().head.headers.Get("x-method"), "POST");
  EXPECT_FALSE(response.value().head.headers.Has("connection"));
  EXPECT_EQ(response.value().trailers.Get("checksum"), "7");
}

TEST_F(Http2Server, GivesTheHandlerTheWholeHead) {
  FunctionHandler handler([](Exchange& exchange) -> Task<void> {
    const RequestHead& head = exchange.request();
    const std::string seen = head.method + " " + head.target + " " + head.authority + " " +
                             std::string(head.headers.Get("x-a").value_or("-"));
    const base::Status sent = co_await ReplyText(exchange, 201, "text/plain", seen);
  });
  Serve(handler);
  RequestHead head = Head("GET", "/x?y=1");
  head.headers.Add("X-A", "b");
  const auto response = Fetch(std::move(head));
  ASSERT_TRUE(response.ok()) << response.error().message;
  EXPECT_EQ(response.value().head.status, 201);
  EXPECT_EQ(response.value().body, "GET /x?y=1 test b");
  EXPECT_EQ(response.value().head.content_length, 17u);
}

TEST_F(Http2Server, SendsNoBodyInAnswerToHead) {
  FunctionHandler handler([](Exchange& exchange) -> Task<void> {
    const base::Status sent = co_await ReplyText(exchange, 200, "text/plain", "four");
  });
  Serve(handler);
  const auto response = Fetch(Head("HEAD", "/"));
  ASSERT_TRUE(response.ok()) << response.error().message;
  EXPECT_EQ(response.value().body, "");
  EXPECT_EQ(response.value().head.content_length, 4u);
}

TEST_F(Http2Server, CarriesTwentyMegabytesBothWays) {
  FunctionHandler handler(EchoBody);
  Serve(handler);
  std::string body(20 << 20, '\0');
  for (size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 2654435761u >> 24);

  // Written and read at the same time, or both sides would wait for their windows.
  struct Transfer {
    static Task<void> Send(ClientExchange& exchange, const std::string& bytes) {
      base::Status sent = co_await exchange.WriteBody(bytes);
      if (sent.ok()) sent = co_await exchange.FinishBody();
    }
    static Task<std::string> Run(Http2Server& test, const std::string& bytes) {
      RequestHead head = Head("POST", "/");
      auto opened = co_await test.client_->Open(test.endpoint(), std::move(head), true, Soon());
      if (!opened.ok()) co_return opened.error().message;
      test.loop_.Spawn(Send(*opened.value(), bytes));
      auto answered = co_await opened.value()->ReadHead();
      if (!answered.ok()) co_return answered.error().message;
      std::string all;
      while (true) {
        const auto piece = co_await opened.value()->ReadBody();
        if (!piece.ok()) co_return piece.error().message;
        if (piece.value().empty()) co_return all;
        all += piece.value();
      }
    }
  };
  const std::string echoed = On(Transfer::Run(*this, body));
  EXPECT_EQ(echoed.size(), body.size());
  EXPECT_TRUE(echoed == body);
}

TEST_F(Http2Server, ServesAHundredStreamsOfOneConnectionAtOnce) {
  std::atomic<int> running = 0;
  std::atomic<int> most = 0;
  std::mutex mutex;
  std::map<std::string, int> peers;
  FunctionHandler handler([&](Exchange& exchange) -> Task<void> {
    {
      const std::lock_guard lock(mutex);
      ++peers[std::string(exchange.remote_address())];
    }
    most = std::max(most.load(), ++running);
    while (running < 100 && most < 100) co_await exchange.loop().SleepFor(milliseconds(1));
    const base::Status sent = co_await ReplyText(exchange, 200, "text/plain", "done");
  });
  Serve(handler);
  std::atomic<int> answered = 0;
  std::promise<void> all;
  struct Client {
    static Task<void> Run(Http2Server& test, std::atomic<int>& count, std::promise<void>& done) {
      RequestHead head = Head("GET", "/");
      const auto response =
          co_await test.client_->Fetch(test.endpoint(), std::move(head), "", Soon());
      EXPECT_TRUE(response.ok() && response.value().body == "done");
      if (++count == 100) done.set_value();
    }
  };
  for (int i = 0; i < 100; ++i) loop_.Spawn(Client::Run(*this, answered, all));
  all.get_future().wait();
  EXPECT_EQ(most, 100);
  EXPECT_EQ(peers.size(), 1u);
}

TEST_F(Http2Server, KeepsRequestsBeyondTheStreamLimitUntilThereIsRoom) {
  FunctionHandler handler([](Exchange& exchange) -> Task<void> {
    co_await exchange.loop().SleepFor(milliseconds(1));
    const base::Status sent = co_await ReplyText(exchange, 200, "text/plain", "done");
  });
  Serve(handler);
  std::atomic<int> answered = 0;
  std::promise<void> all;
  struct Client {
    static Task<void> Run(Http2Server& test, std::atomic<int>& count, std::promise<void>& done) {
      RequestHead head = Head("GET", "/");
      const auto response =
          co_await test.client_->Fetch(test.endpoint(), std::move(head), "", Soon());
      EXPECT_TRUE(response.ok()) << response.error().message;
      if (++count == 350) done.set_value();
    }
  };
  for (int i = 0; i < 350; ++i) loop_.Spawn(Client::Run(*this, answered, all));
  all.get_future().wait();
}

TEST_F(Http2Server, StopsASenderWhoseBodyNobodyReads) {
  std::promise<void> go_on;
  std::shared_future<void> may_read = go_on.get_future().share();
  FunctionHandler handler([&](Exchange& exchange) -> Task<void> {
    while (may_read.wait_for(milliseconds(0)) != std::future_status::ready) {
      co_await exchange.loop().SleepFor(milliseconds(1));
    }
    const base::Result<std::string> body = co_await ReadWholeBody(exchange, 64u << 20);
    const std::string size = body.ok() ? std::to_string(body.value().size()) : "failed";
    const base::Status sent = co_await ReplyText(exchange, 200, "text/plain", size);
  });
  Serve(handler);
  std::atomic<size_t> sent_bytes = 0;
  struct Client {
    static Task<std::string> Run(Http2Server& test, std::atomic<size_t>& count) {
      RequestHead head = Head("POST", "/");
      auto opened = co_await test.client_->Open(test.endpoint(), std::move(head), true, Soon());
      if (!opened.ok()) co_return opened.error().message;
      const std::string piece(1 << 20, 'x');
      for (int i = 0; i < 12; ++i) {
        const base::Status sent = co_await opened.value()->WriteBody(piece);
        if (!sent.ok()) co_return sent.error().message;
        count += piece.size();
      }
      base::Status ended = co_await opened.value()->FinishBody();
      auto head_read = co_await opened.value()->ReadHead();
      const auto body = co_await opened.value()->ReadBody();
      co_return body.ok() ? std::string(body.value()) : body.error().message;
    }
  };
  std::future<std::string> result =
      std::async(std::launch::async, [&] { return On(Client::Run(*this, sent_bytes)); });
  while (sent_bytes < 7u << 20) std::this_thread::yield();
  EXPECT_EQ(result.wait_for(milliseconds(100)), std::future_status::timeout);
  EXPECT_LE(sent_bytes, kHttp2StreamWindowBytes);
  go_on.set_value();
  EXPECT_EQ(result.get(), "12582912");
}

TEST_F(Http2Server, AResetByTheClientCancelsTheHandler) {
  std::promise<void> entered;
  std::promise<base::ErrorCode> ended;
  FunctionHandler handler([&](Exchange& exchange) -> Task<void> {
    entered.set_value();
    const base::Result<std::string_view> piece = co_await exchange.ReadBody();
    EXPECT_TRUE(exchange.cancelled());
    ended.set_value(piece.ok() ? base::ErrorCode::kIo : piece.error().code);
  });
  Serve(handler);
  auto opened = On(client_->Open(endpoint(), Head("POST", "/"), true, Soon()));
  ASSERT_TRUE(opened.ok());
  entered.get_future().wait();
  On(Destroy(opened.value()));
  EXPECT_EQ(ended.get_future().get(), base::ErrorCode::kCancelled);
}

TEST_F(Http2Server, AnExchangeEndsAtItsDeadline) {
  FunctionHandler handler([](Exchange& exchange) -> Task<void> {
    const base::Result<std::string_view> never = co_await exchange.ReadBody();
    while (!exchange.cancelled()) co_await exchange.loop().SleepFor(milliseconds(1));
  });
  Serve(handler);
  const auto response = On(client_->Fetch(endpoint(), Head("GET", "/"), {}, In(milliseconds(150))));
  ASSERT_FALSE(response.ok());
  EXPECT_EQ(response.error().code, base::ErrorCode::kDeadlineExceeded);
}

TEST_F(Http2Server, ABodyOverTheLimitIsAnswered413) {
  FunctionHandler handler([](Exchange& exchange) -> Task<void> {
    const base::Result<std::string> body = co_await ReadWholeBody(exchange, 1u << 30);
    EXPECT_EQ(body.error().code, base::ErrorCode::kTooLarge);
  });
  ListenOptions options;
  options.body_limit_bytes = 1000;
  Serve(handler, options);
  auto opened = On(client_->Open(endpoint(), Head("POST", "/"), true, Soon()));
  ASSERT_TRUE(opened.ok());
  const std::string body(1001, 'x');
  EXPECT_TRUE(On(opened.value()->WriteBody(body)).ok());
  EXPECT_EQ(On(opened.value()->ReadHead()).value().status, 413);
  On(Destroy(opened.value()));
}

TEST_F(Http2Server, ABodyThatStallsEndsWithTheDeadline) {
  std::promise<base::ErrorCode> ended;
  FunctionHandler handler([&](Exchange& exchange) -> Task<void> {
    const base::Result<std::string_view> piece = co_await exchange.ReadBody();
    ended.set_value(piece.ok() ? base::ErrorCode::kIo : piece.error().code);
    const base::Status sent = co_await ReplyText(exchange, 408, "text/plain", "");
  });
  ListenOptions options;
  options.timeouts.stall = milliseconds(100);
  Serve(handler, options);
  auto opened = On(client_->Open(endpoint(), Head("POST", "/"), true, Soon()));
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(ended.get_future().get(), base::ErrorCode::kDeadlineExceeded);
  EXPECT_EQ(On(opened.value()->ReadHead()).value().status, 408);
  On(Destroy(opened.value()));
}

TEST_F(Http2Server, AHeadOverTheLimitIsAnswered431) {
  FunctionHandler handler([](Exchange&) -> Task<void> {
    ADD_FAILURE() << "the handler must not see a part of a head";
    co_return;
  });
  Serve(handler);
  RequestHead head = Head("GET", "/");
  for (int i = 0; i < 300; ++i) head.headers.Add("x" + std::to_string(i), "y");
  const auto response = Fetch(std::move(head));
  ASSERT_TRUE(response.ok()) << response.error().message;
  EXPECT_EQ(response.value().head.status, 431);
}

TEST_F(Http2Server, AHandlerThatSaysNothingIsAnswered500) {
  FunctionHandler handler([](Exchange&) -> Task<void> { co_return; });
  Serve(handler);
  EXPECT_EQ(Fetch(Head("GET", "/")).value().head.status, 500);
}

TEST_F(Http2Server, AResponseLeftUnfinishedIsNotTakenForAWholeOne) {
  FunctionHandler handler([](Exchange& exchange) -> Task<void> {
    ResponseHead head;
    base::Status sent = co_await exchange.WriteHead(std::move(head));
    sent = co_await exchange.WriteBody("half");
  });
  Serve(handler);
  EXPECT_FALSE(Fetch(Head("GET", "/")).ok());
}

TEST_F(Http2Server, DrainLetsARunningExchangeFinish) {
  std::promise<void> entered;
  FunctionHandler handler([&](Exchange& exchange) -> Task<void> {
    entered.set_value();
    co_await exchange.loop().SleepFor(milliseconds(100));
    const base::Status sent = co_await ReplyText(exchange, 200, "text/plain", "late");
  });
  Serve(handler);
  std::future<base::Result<WholeResponse>> response =
      std::async(std::launch::async, [&] { return Fetch(Head("GET", "/")); });
  entered.get_future().wait();
  const auto start = std::chrono::steady_clock::now();
  server_->Drain(std::chrono::seconds(10));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
  const base::Result<WholeResponse> late = response.get();
  ASSERT_TRUE(late.ok()) << late.error().message;
  EXPECT_EQ(late.value().body, "late");
}

TEST_F(Http2Server, TheClientConnectsAgainAfterTheServerHasGone) {
  FunctionHandler handler(EchoBody);
  Serve(handler);
  ASSERT_TRUE(Fetch(Head("POST", "/"), "one").ok());
  const uint16_t port = server_->port();
  server_->Drain(std::chrono::seconds(5));
  EXPECT_EQ(Fetch(Head("GET", "/")).error().code, base::ErrorCode::kUnavailable);
  ListenOptions options;
  options.port = port;
  Serve(handler, options);
  EXPECT_EQ(Fetch(Head("POST", "/"), "two").value().body, "two");
}

TEST_F(Http2Server, AnIdleConnectionIsSentAway) {
  FunctionHandler handler(EchoBody);
  ListenOptions options;
  options.timeouts.idle = milliseconds(100);
  Serve(handler, options);
  struct Client {
    // The bytes that come until the server closes.
    static Task<std::string> Run(Http2Server& test) {
      ConnectOptions to;
      to.host = "127.0.0.1";
      to.port = test.server_->port();
      auto connected = co_await Connect(test.loop_, std::move(to), Soon());
      if (!connected.ok()) co_return connected.error().message;
      Transport transport = std::move(connected).value();
      Http2Session session(Http2Role::kClient);
      std::string out;
      RequestHead head = Head("GET", "/");
      auto stream = session.SubmitRequest(head, false);
      base::Status done = session.Send(out, 1 << 20);
      done = co_await transport.Write(out);
      std::string buffer(4096, '\0');
      std::string all;
      while (true) {
        const auto size = co_await transport.ReadSome(buffer);
        if (!size.ok()) co_return size.error().message;
        if (size.value() == 0) co_return all;
        all.append(buffer, 0, size.value());
      }
    }
  };
  // GOAWAY (7) on stream 0 that names stream 1 and no error is the last frame.
  const std::string goaway("\0\0\x8\x7\0\0\0\0\0\0\0\0\x1\0\0\0\0", 17);
  EXPECT_THAT(On(Client::Run(*this)), testing::EndsWith(goaway));
}

}  // namespace
}  // namespace clew::net
