// SPDX-License-Identifier: Apache-2.0
// The stream over a real connection.
#include "serve/tail/tail_handler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "net/raw_peer.h"
#include "net/server.h"
#include "serve/limits.h"
#include "serve/tail/tail_body_fixture.h"

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

namespace clew::serve {
namespace {

class NextHandler final : public net::Handler {
 public:
  net::Task<void> Handle(net::Exchange& exchange) override {
    (void)co_await net::ReplyText(exchange, 200, "text/plain", "next");
  }
};

class TailHandlerTest : public testing::Test {
 protected:
  TailHandlerTest() : thread_([this] { loop_.Run(); }) {
    readiness_.SetReady();
    server_ = net::Server::Listen({}, {&loop_}, handler_).value();
  }
  ~TailHandlerTest() override {
    readiness_.SetStopping();
    server_->Drain(std::chrono::milliseconds(5000));
    workers_.reset();
    loop_.Stop();
    thread_.join();
  }

  net::RawPeer Connect() { return net::RawPeer::ConnectTo(server_->port()); }
  static void Send(net::RawPeer& client, const std::string& path) {
    ASSERT_TRUE(client.Send("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
  }
  // The whole answer.
  std::string Ask(const std::string& path) {
    net::RawPeer client = Connect();
    Send(client, path);
    return client.ReadToClose();
  }

  TailHub hub_;
  Readiness readiness_;

 private:
  net::EventLoop loop_;
  std::optional<WorkerPool> workers_{std::in_place, 1, 8};
  LiveQueryLimits limits_;
  NextHandler next_;
  TailHandler handler_{{.hub = hub_,
                        .workers = *workers_,
                        .readiness = readiness_,
                        .limits = limits_,
                        .next = next_}};
  std::unique_ptr<net::Server> server_;
  std::thread thread_;
};

const std::string kTrace(32, '7');

TEST_F(TailHandlerTest, TellsWhatArrivesUntilTheServerEnds) {
  net::RawPeer client = Connect();
  Send(client, "/api/clew/v1/tail?q=%7Bname%3D%22GET%22%7D");
  std::string heard = client.ReadThrough(": following\n\n");
  EXPECT_THAT(heard, HasSubstr("text/event-stream"));
  hub_.OnStored(OneSpan(kTrace, "PUT"), 1);
  hub_.OnStored(OneSpan(kTrace, "GET"), 1);
  heard = client.ReadThrough("}\n\n");
  EXPECT_THAT(heard, HasSubstr("event: traces\ndata: {\"traces\":[{\"traceID\":\"" + kTrace));
  readiness_.SetStopping();
  EXPECT_THAT(client.ReadToClose(), EndsWith("0\r\n\r\n"));
}

TEST_F(TailHandlerTest, WhoIsToldTooMuchIsToldWhatWasSkipped) {
  net::RawPeer client = Connect();
  Send(client, "/api/clew/v1/tail");
  (void)client.ReadThrough(": following\n\n");
  ingest::IngestRequest large = OneSpan(kTrace, "GET");
  large.body += std::string(kMaxTailBytes, ' ');
  hub_.OnStored(large, 17);
  EXPECT_THAT(client.ReadThrough("}\n\n"),
              HasSubstr("event: skipped\ndata: {\"spans\":17,\"traces\":0}"));
}

TEST_F(TailHandlerTest, AQueryThatIsNoneIsRefused) {
  EXPECT_THAT(Ask("/api/clew/v1/tail?q=%7B"), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(Ask("/api/clew/v1/tail?limit=1"), HasSubstr("a tail has q only"));
}

TEST_F(TailHandlerTest, BeforeTheServerIsReadyThereIsNone) {
  readiness_.SetStopping();
  EXPECT_THAT(Ask("/api/clew/v1/tail"), StartsWith("HTTP/1.1 503"));
}

TEST_F(TailHandlerTest, ThereIsAnEndToThem) {
  std::vector<std::shared_ptr<TailQueue>> queues;
  queues.reserve(kMaxTails);
  for (size_t i = 0; i < kMaxTails; ++i) queues.push_back(hub_.Follow("single-tenant"));
  EXPECT_THAT(Ask("/api/clew/v1/tail"), StartsWith("HTTP/1.1 429"));
}

TEST_F(TailHandlerTest, AllElseIsForTheNext) {
  EXPECT_THAT(Ask("/api/clew/v1/tails"), EndsWith("next"));
}

}  // namespace
}  // namespace clew::serve
