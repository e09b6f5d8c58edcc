// SPDX-License-Identifier: Apache-2.0
#include "net/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <future>
#include <thread>

#include "net/http_client.h"
#include "net/transport.h"

namespace clew::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
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
    if (server_) server_->Drain(milliseconds(0));
    loop_.Stop();
    thread_.join();
  }
  void Listen(ListenOptions options = {}) {
    auto listening = Server::Listen(options, {&loop_}, handler_);
    ASSERT_TRUE(listening.ok()) << listening.error().message;
    server_ = std::move(listening).value();
  }
  Endpoint endpoint(bool tls = false) { return {"127.0.0.1", server_->port(), tls, false}; }

  // Runs `task` on the loop and waits for its result.
  template <typename T>
  T Await(Task<T> task) {
    std::promise<T> done;
    loop_.Spawn([](Task<T> inner, std::promise<T>& promise) -> Task<void> {
      promise.set_value(co_await inner);
    }(std::move(task), done));
    return done.get_future().get();
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
                                    std::string target, std::string body = {},
                                    milliseconds limit = milliseconds(5000)) {
    RequestHead head;
    head.method = std::move(method);
    head.target = std::move(target);
    return Await(client.Fetch(to, std::move(head), body, steady_clock::now() + limit));
  }

  EventLoop loop_;
  EchoHandler handler_;
  std::unique_ptr<Server> server_;
  std::thread thread_;
};

TEST_F(ServerTest, AnswersGetAndPostOverAKeptConnection) {
  Listen();
  HttpClient client(loop_);
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

TEST_F(ServerTest, StreamsOneMebibyteBothWaysInChunks) {
  Listen();
  HttpClient client(loop_);
  const std::string megabyte(1 << 20, 'x');
  auto response = Fetch(client, endpoint(), "POST", "/stream", megabyte);
  ASSERT_TRUE(response.ok()) << response.error().message;
  EXPECT_EQ(response.value().body, megabyte);
  EXPECT_EQ(response.value().trailers.Get("t"), "end");
}

TEST_F(ServerTest, SendsHeadWithoutABodyAndSpeaksOnePointZero) {
  Listen();
  EXPECT_THAT(Raw("HEAD /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
              testing::AllOf(HasSubstr("Content-Length: 8\r\n"), EndsWith("\r\n\r\n")));
  EXPECT_THAT(Raw("GET /a HTTP/1.0\r\n\r\n"), EndsWith("Connection: close\r\n\r\nGET /a "));
}

TEST_F(ServerTest, SaysContinueWhenTheHandlerReads) {
  Listen();
  EXPECT_THAT(Raw("POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nConnection: close\r\n"
                  "Content-Length: 2\r\n\r\n"
                  ""
                  "ok"),
              EndsWith("POST /a ok"));
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

TEST_F(ServerTest, AnswersForASilentHandler) {
  Listen();
  HttpClient client(loop_);
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
  HttpClient trusting(loop_, {.ca_path = certificate});
  auto response = Fetch(trusting, endpoint(true), "POST", "/tls", std::string(200'000, 'y'));
  ASSERT_TRUE(response.ok()) << response.error().message;
  EXPECT_EQ(response.value().body.size(), 200'000u + 10);
  EXPECT_EQ(Fetch(trusting, endpoint(true), "GET", "/again").value().body, "GET /again ");
  HttpClient distrusting(loop_);
  auto refused = Fetch(distrusting, endpoint(true), "GET", "/");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, base::ErrorCode::kUnavailable);
  std::filesystem::remove_all(folder);
}

TEST_F(ServerTest, ClientSendsAgainOnAStaleConnection) {
  ListenOptions options;
  Listen(options);
  HttpClient client(loop_);
  const uint16_t port = server_->port();
  EXPECT_TRUE(Fetch(client, endpoint(), "GET", "/1").ok());
  server_->Drain(milliseconds(0));
  server_.reset();
  options.port = port;
  Listen(options);
  EXPECT_EQ(Fetch(client, endpoint(), "POST", "/2", "x").value().body, "POST /2 x");
}

TEST_F(ServerTest, ClientGivesUpAtItsDeadline) {
  Listen();
  HttpClient client(loop_);
  auto response = Fetch(client, endpoint(), "GET", "/slow", {}, milliseconds(20));
  ASSERT_FALSE(response.ok());
  EXPECT_EQ(response.error().code, base::ErrorCode::kDeadlineExceeded);
}

TEST_F(ServerTest, ClientSaysWhenNothingListens) {
  Listen();
  const Endpoint gone = endpoint();
  server_->Drain(milliseconds(0));
  HttpClient client(loop_);
  auto response = Fetch(client, gone, "GET", "/");
  ASSERT_FALSE(response.ok());
  EXPECT_EQ(response.error().code, base::ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace clew::net
