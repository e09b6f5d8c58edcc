// SPDX-License-Identifier: Apache-2.0
#include "serve/api_handler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <semaphore>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "net/raw_peer.h"
#include "net/server.h"
#include "serve/limits.h"

using testing::EndsWith;

namespace clew::serve {
namespace {

constexpr std::string_view kGet = "GET /work HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

// A server whose only route is /work, run by one worker.
class ApiHandlerTest : public testing::Test {
 protected:
  ApiHandlerTest() : thread_([this] { loop_.Run(); }) {}
  ~ApiHandlerTest() override {
    server_->Drain(std::chrono::milliseconds(0));
    workers_.reset();
    loop_.Stop();
    thread_.join();
  }

  void Serve(ApiFunction work) {
    router_.Add("GET", "/work", RunsOn::kWorker, std::move(work));
    server_ = net::Server::Listen({}, {&loop_}, handler_).value();
  }
  net::RawPeer Connect() { return net::RawPeer::ConnectTo(server_->port()); }

 private:
  net::EventLoop loop_;
  Router router_;
  std::optional<WorkerPool> workers_{std::in_place, 1, 1};
  ApiHandler handler_{router_, *workers_, {}};
  std::unique_ptr<net::Server> server_;
  std::thread thread_;
};

TEST_F(ApiHandlerTest, AnswersFromAWorker) {
  Serve([](const ApiRequest&) { return TextReply(200, "done"); });
  net::RawPeer client = Connect();
  ASSERT_TRUE(client.Send(kGet));
  EXPECT_THAT(client.ReadToClose(), EndsWith("\r\n\r\ndone"));
}

TEST_F(ApiHandlerTest, AClientThatLeavesCancelsItsQuery) {
  std::binary_semaphore started(0);
  std::binary_semaphore cancelled(0);
  Serve([&](const ApiRequest& request) {
    std::binary_semaphore stopped(0);
    const std::stop_callback on_stop(request.cancelled, [&] { stopped.release(); });
    started.release();
    stopped.acquire();  // for ever, unless the query is cancelled
    cancelled.release();
    return TextReply(499, "");
  });
  {
    net::RawPeer client = Connect();
    ASSERT_TRUE(client.Send(kGet));
    started.acquire();
  }
  cancelled.acquire();
}

// So many pieces; then an end, or an error.
class Pieces final : public BodyPieces {
 public:
  Pieces(int count, bool fails) : left_(count), fails_(fails) {}
  base::Result<std::string> Next() override {
    if (left_-- > 0) return std::string("more");
    if (fails_) return base::Error{base::ErrorCode::kCorruption, "no more"};
    return std::string();
  }

 private:
  int left_;
  const bool fails_;
};

ApiReply InPieces(int count, bool fails) {
  ApiReply reply = TextReply(200, "first");
  reply.rest = std::make_shared<Pieces>(count, fails);
  return reply;
}

TEST_F(ApiHandlerTest, SendsALargeBodyInPieces) {
  Serve([](const ApiRequest&) { return InPieces(2, false); });
  net::RawPeer client = Connect();
  ASSERT_TRUE(client.Send(kGet));
  EXPECT_THAT(client.ReadToClose(),
              EndsWith("\r\n\r\n5\r\nfirst\r\n4\r\nmore\r\n4\r\nmore\r\n0\r\n\r\n"));
}

TEST_F(ApiHandlerTest, ABodyWhosePiecesFailDoesNotLookWhole) {
  Serve([](const ApiRequest&) { return InPieces(1, true); });
  net::RawPeer client = Connect();
  ASSERT_TRUE(client.Send(kGet));
  EXPECT_THAT(client.ReadToClose(), EndsWith("5\r\nfirst\r\n4\r\nmore\r\n"));
}

// More than the sockets take, so that the server waits for the client.
class Endless final : public BodyPieces {
 public:
  explicit Endless(std::binary_semaphore& gone) : gone_(gone) {}
  ~Endless() override { gone_.release(); }
  base::Result<std::string> Next() override { return std::string(kReplyPieceBytes, 'x'); }

 private:
  std::binary_semaphore& gone_;
};

TEST_F(ApiHandlerTest, AClientThatLeavesEndsItsBody) {
  std::binary_semaphore gone(0);
  Serve([&](const ApiRequest&) {
    ApiReply reply = TextReply(200, "first");
    reply.rest = std::make_shared<Endless>(gone);
    return reply;
  });
  {
    net::RawPeer client = Connect();
    ASSERT_TRUE(client.Send(kGet));
  }
  gone.acquire();
}

TEST_F(ApiHandlerTest, AHeadHasNoPieces) {
  Serve([](const ApiRequest&) { return InPieces(2, false); });
  net::RawPeer client = Connect();
  ASSERT_TRUE(client.Send("HEAD /work HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
  EXPECT_THAT(client.ReadToClose(), EndsWith("\r\n\r\n"));
}

}  // namespace
}  // namespace clew::serve
