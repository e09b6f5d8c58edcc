// SPDX-License-Identifier: Apache-2.0
#include "net/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <thread>
#include <vector>

#include "net/http2_session.h"
#include "net/http_client.h"
#include "net/raw_http2.h"
#include "net/raw_peer.h"
#include "net/transport.h"

namespace clew::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

// Answers "METHOD target body" and knows a few paths with manners of their own.
class EchoHandler final : public Handler {
 public:
  Task<void> Handle(Exchange& exchange) override {
    const std::string path(exchange.request().path());
    if (path == "/silent") co_return;
    if (path == "/stream") {
      co_await Stream(exchange);
      co_return;
    }
    if (path == "/unread") {
      (void)co_await ReplyText(exchange, 404, "text/plain", "no");
      co_return;
    }
    if (path == "/slow") {
      entered.set_value();
      co_await exchange.loop().SleepFor(milliseconds(150));
    }
    base::Result<std::string> body = co_await ReadWholeBody(exchange, 4 << 20);
    if (!body.ok()) co_return;
    (void)co_await ReplyText(
        exchange, 200, "text/plain",
        exchange.request().method + " " + exchange.request().target + " " + body.value());
  }

  std::promise<void> entered;

 private:
  // Sends the request body back as it comes, without a length.
  static Task<void> Stream(Exchange& exchange) {
    ResponseHead head;
    (void)co_await exchange.WriteHead(std::move(head));
    while (true) {
      base::Result<std::string_view> piece = co_await exchange.ReadBody();
      if (!piece.ok()) co_return;
      if (piece.value().empty()) break;
      (void)co_await exchange.WriteBody(piece.value());
    }
    Headers trailers;
    trailers.Add("t", "end");
    (void)co_await exchange.Finish(std::move(trailers));
  }
};

class ServerTest : public testing::Test {
 protected:
  void SetUp() override {
    thread_ = std::thread([this] { loop_.Run(); });
  }
  void TearDown() override {
    Await(DestroyClients());
    if (server_) server_->Drain(milliseconds(0));
    loop_.Stop();
    thread_.join();
  }
  void Listen(const ListenOptions& options = {}) {
    auto listening = Server::Listen(options, {&loop_}, handler_);
    ASSERT_TRUE(listening.ok()) << listening.error().message;
    server_ = std::move(listening).value();
  }
  Endpoint endpoint(bool tls = false) { return {"127.0.0.1", server_->port(), tls, false}; }

  // Lives to the end of the test and is then destroyed where it was used, on the loop.
  HttpClient& NewClient(ClientOptions options = {}) {
    clients_.push_back(std::make_unique<HttpClient>(loop_, std::move(options)));
    return *clients_.back();
  }

  // Runs `task` on the loop and waits for its result.
  template <typename T>
  T Await(Task<T> task) {
    std::promise<T> done;
    loop_.Spawn([](Task<T> inner, std::promise<T>& promise) -> Task<void> {
      promise.set_value(co_await inner);
    }(std::move(task), done));
    return done.get_future().get();
  }

  // Runs `meanwhile`, and a drain to its end that most likely has begun when the loop sees what
  // `meanwhile` did; what is claimed holds in either order.
  void DrainWhileTheLoopIsBusy(const std::function<void()>& meanwhile) {
    std::promise<void> busy;
    std::promise<void> go_on;
    loop_.Post([&] {
      busy.set_value();
      go_on.get_future().wait();
    });
    busy.get_future().wait();
    meanwhile();
    std::thread drainer([this] { server_->Drain(milliseconds(5000)); });
    std::this_thread::sleep_for(milliseconds(20));
    go_on.set_value();
    drainer.join();
  }

  // Sends bytes as they are and returns everything up to the close.
  std::string Raw(std::string bytes) {
    return Await([](ServerTest& test, std::string request) -> Task<std::string> {
      ConnectOptions options;
      options.host = "127.0.0.1";
      options.port = test.server_->port();
      auto connected = co_await Connect(test.loop_, std::move(options),
                                        steady_clock::now() + milliseconds(5000));
      if (!connected.ok()) co_return connected.error().message;
      Transport transport = std::move(connected).value();
      transport.set_deadline_in(milliseconds(5000));
      base::Status sent = co_await transport.Write(request);
      std::string all;
      while (true) {
        char buffer[4096];
        auto got = co_await transport.ReadSome(buffer);
        if (!got.ok()) co_return all + "<" + got.error().message + ">";
        if (got.value() == 0) co_return all;
        all.append(buffer, got.value());
      }
    }(*this, std::move(bytes)));
  }

  base::Result<WholeResponse> Fetch(HttpClient& client, const Endpoint& to, std::string method,
                                    std::string target, std::string_view body = {}) {
    return Await(client.Fetch(to, Head(std::move(method), std::move(target)), body,
                              steady_clock::now() + milliseconds(20'000)));
  }
  static RequestHead Head(std::string method, std::string target) {
    RequestHead head;
    head.method = std::move(method);
    head.target = std::move(target);
    return head;
  }

  Task<bool> DestroyClients() {
    clients_.clear();
    co_return true;
  }

  EventLoop loop_;
  EchoHandler handler_;
  std::vector<std::unique_ptr<HttpClient>> clients_;
  std::unique_ptr<Server> server_;
  std::thread thread_;
};

TEST_F(ServerTest, AnswersGetAndPostOverAKeptConnection) {
  Listen();
  HttpClient& client = NewClient();
  EXPECT_EQ(Fetch(client, endpoint(), "GET", "/a?b").value().body, "GET /a?b ");
  EXPECT_EQ(Fetch(client, endpoint(), "POST", "/c", "body").value().body, "POST /c body");
  EXPECT_EQ(Fetch(client, endpoint(), "GET", "/d").value().head.status, 200);
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
  Listen();
  const std::string all = Raw(
      "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok"
      "GET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const size_t second = all.find("POST /2 ok");
  EXPECT_LT(all.find("GET /1 "), second);
  EXPECT_LT(second, all.find("GET /3 "));
  EXPECT_THAT(all, EndsWith("GET /3 "));
}

TEST_F(ServerTest, KeepsTheConnectionAfterA404WithAnUnreadBody) {
  Listen();
  const std::string all =
      Raw("POST /unread HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
          "GET /next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(all, StartsWith("HTTP/1.1 404 Not Found\r\n"));
  EXPECT_THAT(all, EndsWith("GET /next "));
}

base::Error Failed(std::string why) {
  return {base::ErrorCode::kIo, std::move(why)};
}

// Reads as many bytes of the response as `want` has and compares them.
Task<base::Status> ReadExactly(ClientExchange& exchange, std::string want) {
  std::string got;
  while (got.size() < want.size()) {
    base::Result<std::string_view> piece = co_await exchange.ReadBody();
    if (!piece.ok()) co_return std::move(piece).error();
    if (piece.value().empty()) co_return Failed("the response ends early");
    got += piece.value();
  }
  if (got != want) co_return Failed("another piece came back");
  co_return base::Status();
}

// Sends each piece only when the one before has come back whole. Returns the
// trailer of the response.
Task<base::Result<std::string>> EchoPieceByPiece(HttpClient& client, Endpoint to, size_t count,
                                                 size_t size) {
  RequestHead head;
  head.method = "POST";
  head.target = "/stream";
  auto opened =
      co_await client.Open(to, std::move(head), true, steady_clock::now() + milliseconds(20'000));
  if (!opened.ok()) co_return std::move(opened).error();
  const std::unique_ptr<ClientExchange> exchange = std::move(opened).value();
  for (size_t i = 0; i < count; ++i) {
    const std::string piece(size, static_cast<char>('a' + i));
    base::Status echoed = co_await exchange->WriteBody(piece);
    if (i == 0) {
      base::Result<ResponseHead> response = co_await exchange->ReadHead();
      if (!response.ok()) co_return std::move(response).error();
      if (response.value().content_length) co_return Failed("the response has a length");
    }
    if (echoed.ok()) echoed = co_await ReadExactly(*exchange, piece);
    if (!echoed.ok()) co_return std::move(echoed).error();
  }
  base::Status finished = co_await exchange->FinishBody();
  if (!finished.ok()) co_return std::move(finished).error();
  base::Result<std::string_view> end = co_await exchange->ReadBody();
  if (!end.ok() || !end.value().empty()) co_return Failed("the response does not end");
  co_return std::string(exchange->response_trailers().Get("t").value_or("none"));
}

// A side that gathered the whole body first would wait for ever.
TEST_F(ServerTest, StreamsOneMebibyteBothWaysInChunks) {
  Listen();
  HttpClient& client = NewClient();
  auto trailer = Await(EchoPieceByPiece(client, endpoint(), 16, 64 << 10));
  ASSERT_TRUE(trailer.ok()) << trailer.error().message;
  EXPECT_EQ(trailer.value(), "end");
}

TEST_F(ServerTest, SendsHeadWithoutABodyAndSpeaksOnePointZero) {
  Listen();
  EXPECT_THAT(Raw("HEAD /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
              AllOf(HasSubstr("Content-Length: 8\r\n"), EndsWith("\r\n\r\n")));
  EXPECT_THAT(Raw("GET /a HTTP/1.0\r\n\r\n"), EndsWith("Connection: close\r\n\r\nGET /a "));
}

TEST_F(ServerTest, SaysContinueWhenTheHandlerReads) {
  Listen();
  RawPeer client = RawPeer::ConnectTo(server_->port());
  client.Send(
      "POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nConnection: close\r\n"
      "Content-Length: 2\r\n\r\n");
  EXPECT_EQ(client.ReadThrough("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.Send("ok");
  EXPECT_THAT(client.ReadToClose(),
              AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), EndsWith("POST /a ok")));
}

TEST_F(ServerTest, DoesNotSayContinueForABodyThatNobodyReads) {
  Listen();
  RawPeer client = RawPeer::ConnectTo(server_->port());
  client.Send(
      "POST /unread HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_THAT(client.ReadToClose(), AllOf(StartsWith("HTTP/1.1 404 Not Found\r\n"),
                                          HasSubstr("Connection: close\r\n"), EndsWith("no")));
}

TEST_F(ServerTest, RefusesTooLargeBodiesAndHeaders) {
  ListenOptions options;
  options.body_limit_bytes = 10;
  Listen(options);
  EXPECT_THAT(Raw("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n01234567890"),
              StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(Raw("POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                  "b\r\n01234567890\r\n0\r\n\r\n"),
              StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(Raw("GET / HTTP/1.1\r\nHost: a\r\nA: " + std::string(70'000, 'x')),
              StartsWith("HTTP/1.1 431 "));
}

TEST_F(ServerTest, RefusesTwoFramings) {
  Listen();
  EXPECT_THAT(Raw("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n"
                  "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
              StartsWith("HTTP/1.1 400 "));
}

TEST_F(ServerTest, GivesUpOnHalfARequest) {
  ListenOptions options;
  options.timeouts.header = milliseconds(50);
  options.timeouts.stall = milliseconds(50);
  Listen(options);
  EXPECT_THAT(Raw("GET / HT"), StartsWith("HTTP/1.1 408 "));
  EXPECT_THAT(Raw("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf"),
              StartsWith("HTTP/1.1 408 "));
}

// The times of a server whose patience is short for heads and long for all else.
ListenOptions ShortHeaderTimeout() {
  ListenOptions options;
  options.timeouts.header = milliseconds(50);
  options.timeouts.idle = options.timeouts.stall = milliseconds(60'000);
  options.timeouts.handshake = milliseconds(60'000);
  return options;
}

TEST_F(ServerTest, DropsAConnectionThatSaysNothing) {
  Listen(ShortHeaderTimeout());
  EXPECT_EQ(RawPeer::ConnectTo(server_->port()).ReadToClose(), "");
}

TEST_F(ServerTest, DropsAConnectionThatStopsInsideThePreface) {
  Listen(ShortHeaderTimeout());
  RawPeer client = RawPeer::ConnectTo(server_->port());
  client.Send("PRI * HT");
  EXPECT_EQ(client.ReadToClose(), "");
}

// Each byte comes in time; the head as a whole never would.
TEST_F(ServerTest, GivesUpOnAHeadThatDripsIn) {
  Listen(ShortHeaderTimeout());
  RawPeer client = RawPeer::ConnectTo(server_->port());
  std::promise<void> closed;
  std::thread dripper([&, done = closed.get_future()] {
    client.Send("GET / HTTP/1.1\r\nHost: a\r\nX: ");
    while (done.wait_for(milliseconds(10)) == std::future_status::timeout && client.Send("x")) {
    }
  });
  EXPECT_THAT(client.ReadToClose(), StartsWith("HTTP/1.1 408 "));
  closed.set_value();
  dripper.join();
}

// A preface that drips in is no more patient than one that stops.
TEST_F(ServerTest, DropsAPrefaceThatDripsIn) {
  Listen(ShortHeaderTimeout());
  RawPeer client = RawPeer::ConnectTo(server_->port());
  const std::string_view preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r";
  std::promise<void> closed;
  std::thread dripper([&, done = closed.get_future()] {
    for (const char byte : preface) {
      if (!client.Send({&byte, 1})) return;
      if (done.wait_for(milliseconds(10)) == std::future_status::ready) return;
    }
  });
  EXPECT_EQ(client.ReadToClose(), "");
  closed.set_value();
  dripper.join();
}

TEST_F(ServerTest, GivesUpOnAnHttp2HeadThatStops) {
  Listen(ShortHeaderTimeout());
  RawPeer client = RawPeer::ConnectTo(server_->port());
  client.Send(RawHttp2Beginning() + RawBegunHead(1));
  EXPECT_THAT(client.ReadToClose(), EndsWith(RawGoaway(1, kHttp2EnhanceYourCalm)));
}

TEST_F(ServerTest, GivesUpOnAnHttp2HeadThatDripsIn) {
  Listen(ShortHeaderTimeout());
  RawPeer client = RawPeer::ConnectTo(server_->port());
  // A field "x" of 7,000 bytes.
  const std::string field("\x00\x01x\x7f\xd9\x35", 6);
  client.Send(RawHttp2Beginning() + RawBegunHead(1) + RawFrameHead(8000, kRawContinuation, 0, 1) +
              field);
  std::promise<void> closed;
  std::thread dripper([&, done = closed.get_future()] {
    while (done.wait_for(milliseconds(10)) == std::future_status::timeout && client.Send("y")) {
    }
  });
  EXPECT_THAT(client.ReadToClose(), EndsWith(RawGoaway(1, kHttp2EnhanceYourCalm)));
  closed.set_value();
  dripper.join();
}

// The other streams of the connection do not keep it: nothing may come of them either.
TEST_F(ServerTest, GivesUpOnALaterHttp2HeadThatStops) {
  Listen(ShortHeaderTimeout());
  RawPeer client = RawPeer::ConnectTo(server_->port());
  client.Send(RawHttp2Beginning() + RawRequest(1) +
              RawFrame(kRawHeaders, kRawEndHeaders, 3, kRawPostHead) + RawBegunHead(5));
  EXPECT_THAT(client.ReadToClose(), EndsWith(RawGoaway(5, kHttp2EnhanceYourCalm)));
}

TEST_F(ServerTest, AnswersForASilentHandler) {
  Listen();
  HttpClient& client = NewClient();
  EXPECT_EQ(Fetch(client, endpoint(), "GET", "/silent").value().head.status, 500);
}

TEST_F(ServerTest, SaysInOneSentenceThatThePortIsInUse) {
  Listen();
  ListenOptions options;
  options.port = server_->port();
  auto second = Server::Listen(options, {&loop_}, handler_);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().message, "port " + std::to_string(server_->port()) +
                                        " on 127.0.0.1 is in use by another program; choose "
                                        "another port");
}

TEST_F(ServerTest, DrainLetsARunningRequestFinish) {
  Listen();
  std::thread drainer([this] {
    handler_.entered.get_future().wait();
    server_->Drain(milliseconds(5000));
  });
  EXPECT_THAT(Raw("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"), EndsWith("GET /slow "));
  drainer.join();
}

TEST_F(ServerTest, DrainAnswersWhoHasConnectedButWasNotYetSeen) {
  Listen();
  std::unique_ptr<RawPeer> peer;
  DrainWhileTheLoopIsBusy([&] {
    peer.reset(new RawPeer(RawPeer::ConnectTo(server_->port())));
    peer->Send("GET /first HTTP/1.1\r\nHost: a\r\n\r\n");
  });
  EXPECT_THAT(peer->ReadToClose(), EndsWith("GET /first "));
}

TEST_F(ServerTest, DrainAnswersARequestThatCameOnAnIdleConnection) {
  Listen();
  RawPeer peer = RawPeer::ConnectTo(server_->port());
  peer.Send("GET /first HTTP/1.1\r\nHost: a\r\n\r\n");
  peer.ReadThrough("GET /first ");
  DrainWhileTheLoopIsBusy([&] { peer.Send("GET /second HTTP/1.1\r\nHost: a\r\n\r\n"); });
  EXPECT_THAT(peer.ReadToClose(), EndsWith("GET /second "));
}

TEST_F(ServerTest, DrainDoesNotWaitForAClientThatHasNothingToSay) {
  Listen();
  const RawPeer silent = RawPeer::ConnectTo(server_->port());
  RawPeer served = RawPeer::ConnectTo(server_->port());
  served.Send("GET /first HTTP/1.1\r\nHost: a\r\n\r\n");
  served.ReadThrough("GET /first ");
  const auto start = steady_clock::now();
  server_->Drain(std::chrono::seconds(60));
  EXPECT_LT(steady_clock::now() - start, std::chrono::seconds(30));
  EXPECT_EQ(served.ReadToClose(), "");
}

TEST_F(ServerTest, ServesTlsToAClientThatTrustsItsCertificate) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("net_test_" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  const std::string certificate = folder / "cert.pem";
  const std::string key = folder / "key.pem";
  const std::string make =
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
      " -days 2 -subj /CN=t -addext subjectAltName=IP:127.0.0.1 -keyout " +
      key + " -out " + certificate + " 2>/dev/null";
  ASSERT_EQ(std::system(make.c_str()), 0);
  ListenOptions options;
  options.tls = {certificate, key};
  Listen(options);
  HttpClient& trusting = NewClient({.ca_path = certificate});
  auto response = Fetch(trusting, endpoint(true), "POST", "/tls", std::string(200'000, 'y'));
  ASSERT_TRUE(response.ok()) << response.error().message;
  EXPECT_EQ(response.value().body.size(), 200'000u + 10);
  EXPECT_EQ(Fetch(trusting, endpoint(true), "GET", "/again").value().body, "GET /again ");
  HttpClient& distrusting = NewClient();
  auto refused = Fetch(distrusting, endpoint(true), "GET", "/");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, base::ErrorCode::kUnavailable);
  std::filesystem::remove_all(folder);
}

constexpr std::string_view kKeptOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
constexpr std::string_view kSecondBody = "\r\n\r\nbody";

// A server that keeps the connection after its first answer, takes a second
// request on it and is gone. Returns what came on the next connection.
std::string AnswerOnceThenVanish(RawListener& listener, bool by_reset) {
  {
    RawPeer first = listener.Accept();
    first.ReadThrough("\r\n\r\n");
    first.Send(kKeptOk);
    const std::string lost = first.ReadThrough(kSecondBody);
    if (!lost.starts_with("POST /2 ")) return "the connection was not used again";
    if (by_reset) first.ResetAtTheEnd();
  }
  RawPeer second = listener.Accept();
  std::string again = second.ReadThrough(kSecondBody);
  second.Send(kKeptOk);
  return again;
}

// At the second request the connection still looks alive: the peer has taken
// the request before it goes.
TEST_F(ServerTest, ClientSendsAgainOnAStaleConnection) {
  for (const bool by_reset : {false, true}) {
    RawListener listener;
    auto peer = std::async(std::launch::async, AnswerOnceThenVanish, std::ref(listener), by_reset);
    HttpClient& client = NewClient();
    const Endpoint to{"127.0.0.1", listener.port(), false, false};
    EXPECT_TRUE(Fetch(client, to, "GET", "/1").ok());
    auto second = Fetch(client, to, "POST", "/2", "body");
    ASSERT_TRUE(second.ok()) << second.error().message;
    EXPECT_EQ(second.value().body, "ok");
    EXPECT_THAT(peer.get(), AllOf(StartsWith("POST /2 HTTP/1.1\r\n"), EndsWith(kSecondBody)));
  }
}

TEST_F(ServerTest, ClientLeavesAConnectionThatItsPeerHasClosed) {
  RawListener listener;
  std::promise<void> closed;
  auto peer = std::async(std::launch::async, [&] {
    {
      RawPeer first = listener.Accept();
      first.ReadThrough("\r\n\r\n");
      first.Send(kKeptOk);
    }
    closed.set_value();
    RawPeer second = listener.Accept();
    second.ReadThrough("\r\n\r\n");
    second.Send(kKeptOk);
  });
  HttpClient& client = NewClient();
  const Endpoint to{"127.0.0.1", listener.port(), false, false};
  EXPECT_TRUE(Fetch(client, to, "GET", "/1").ok());
  closed.get_future().wait();
  EXPECT_EQ(Fetch(client, to, "GET", "/2").value().body, "ok");
  peer.get();
}

// A fresh connection that fails says something about the peer: once is enough.
TEST_F(ServerTest, ClientDoesNotSendAgainOnAFreshConnection) {
  RawListener listener;
  auto peer =
      std::async(std::launch::async, [&] { return listener.Accept().ReadThrough("\r\n\r\n"); });
  HttpClient& client = NewClient();
  auto response = Fetch(client, {"127.0.0.1", listener.port(), false, false}, "GET", "/1");
  ASSERT_FALSE(response.ok());
  EXPECT_EQ(response.error().code, base::ErrorCode::kUnavailable);
  EXPECT_THAT(peer.get(), StartsWith("GET /1 "));
}

TEST_F(ServerTest, ClientGivesUpAtItsDeadline) {
  Listen();
  HttpClient& client = NewClient();
  auto response = Await(
      client.Fetch(endpoint(), Head("GET", "/slow"), {}, steady_clock::now() + milliseconds(20)));
  ASSERT_FALSE(response.ok());
  EXPECT_EQ(response.error().code, base::ErrorCode::kDeadlineExceeded);
}

TEST_F(ServerTest, ClientSaysWhenNothingListens) {
  Listen();
  const Endpoint gone = endpoint();
  server_->Drain(milliseconds(0));
  HttpClient& client = NewClient();
  auto response = Fetch(client, gone, "GET", "/");
  ASSERT_FALSE(response.ok());
  EXPECT_EQ(response.error().code, base::ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace clew::net
