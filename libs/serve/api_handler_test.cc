// SPDX-License-Identifier: Apache-2.0
#include "serve/api_handler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <semaphore>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "model/recording_tracer.h"
#include "net/raw_peer.h"
#include "net/server.h"
#include "serve/limits.h"

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

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

  void Serve(ApiFunction work, std::string method = "GET", size_t body_limit = 0) {
    router_.Add(std::move(method), "/work", RunsOn::kWorker, std::move(work), body_limit);
    server_ = net::Server::Listen({}, {&loop_}, handler_).value();
  }
  net::RawPeer Connect() { return net::RawPeer::ConnectTo(server_->port()); }
  std::unique_ptr<net::RawPeer> ConnectForLater() {
    return std::unique_ptr<net::RawPeer>(new net::RawPeer(Connect()));
  }

  // Once there are so many: a client has its answer a moment before.
  std::vector<model::RecordingTracer::Span> EndedSpans(size_t count) const {
    while (tracer_.ended().size() < count) std::this_thread::yield();
    return tracer_.ended();
  }

  model::RecordingTracer tracer_;
  std::optional<WorkerPool> workers_{std::in_place, 1, 1};
  LiveQueryLimits limits_{{.concurrency = 1}};

 private:
  net::EventLoop loop_;
  Router router_;
  ApiHandler handler_{router_, *workers_, limits_, {}, &tracer_};
  std::unique_ptr<net::Server> server_;
  std::thread thread_;
};

TEST_F(ApiHandlerTest, AnswersFromAWorker) {
  Serve([](const ApiRequest&) { return TextReply(200, "done"); });
  net::RawPeer client = Connect();
  ASSERT_TRUE(client.Send(kGet));
  EXPECT_THAT(client.ReadToClose(), EndsWith("\r\n\r\ndone"));
}

TEST_F(ApiHandlerTest, ARequestIsASpanBelowThatOfItsCaller) {
  std::optional<model::SpanContext> seen;
  Serve([&](const ApiRequest& request) {
    seen = request.span;
    return TextReply(503, "");
  });
  net::RawPeer client = Connect();
  ASSERT_TRUE(
      client.Send("GET /work?q=1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\ntraceparent: "
                  "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n\r\n"));
  EXPECT_THAT(client.ReadToClose(), StartsWith("HTTP/1.1 503"));
  const model::RecordingTracer::Span span = EndedSpans(1).at(0);
  EXPECT_EQ(span.name, "GET /work");
  EXPECT_EQ(span.kind, model::SpanKind::kServer);
  EXPECT_EQ(span.tenant, "single-tenant");
  EXPECT_EQ(span.parent.value().span_id.ToHex(), "00f067aa0ba902b7");
  EXPECT_EQ(span.context.trace_id.ToHex(), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(span.texts.at("http.request.method"), "GET");
  EXPECT_EQ(span.texts.at("http.route"), "/work");
  EXPECT_EQ(span.numbers.at("http.response.status_code"), 503u);
  EXPECT_EQ(seen.value().span_id, span.context.span_id);
}

TEST_F(ApiHandlerTest, WhatTheCallerDoesNotSampleIsNoSpan) {
  Serve([](const ApiRequest& request) {
    return TextReply(200, request.span.has_value() ? "a span" : "no span");
  });
  net::RawPeer client = Connect();
  ASSERT_TRUE(
      client.Send("GET /work HTTP/1.1\r\nHost: a\r\nConnection: close\r\ntraceparent: "
                  "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00\r\n\r\n"));
  EXPECT_THAT(client.ReadToClose(), EndsWith("no span"));
}

TEST_F(ApiHandlerTest, APutBringsItsBody) {
  Serve([](const ApiRequest& request) { return TextReply(200, "got " + request.body); }, "PUT", 5);
  net::RawPeer client = Connect();
  ASSERT_TRUE(
      client.Send("PUT /work HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                  "Content-Length: 5\r\n\r\nhello"));
  EXPECT_THAT(client.ReadToClose(), EndsWith("\r\n\r\ngot hello"));
}

TEST_F(ApiHandlerTest, ABodyThatIsTooLargeIsNotRead) {
  Serve([](const ApiRequest&) { return TextReply(200, "done"); }, "PUT", 5);
  net::RawPeer client = Connect();
  ASSERT_TRUE(
      client.Send("PUT /work HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                  "Content-Length: 6\r\n\r\nhello!"));
  EXPECT_THAT(client.ReadToClose(), StartsWith("HTTP/1.1 413"));
}

TEST_F(ApiHandlerTest, BodiesThatAreTooMuchTogetherAreRefusedForNow) {
  Serve([](const ApiRequest&) { return TextReply(200, "done"); }, "POST", kOpenedFileBytes);
  const std::string head =
      "POST /work HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ";
  const auto ask_little = [&] {
    net::RawPeer client = Connect();
    EXPECT_TRUE(client.Send(head + "1\r\n\r\nx"));
    return client.ReadToClose();
  };
  {
    std::vector<std::unique_ptr<net::RawPeer>> large;  // their space is taken
    for (size_t taken = 0; taken < kAllBodiesBytes; taken += kOpenedFileBytes) {
      net::RawPeer& client = *large.emplace_back(ConnectForLater());
      ASSERT_TRUE(client.Send(head + std::to_string(kOpenedFileBytes) +
                              "\r\nExpect: 100-continue\r\n\r\n"));
      ASSERT_THAT(client.ReadThrough("\r\n\r\n"), StartsWith("HTTP/1.1 100 Continue"));
    }
    EXPECT_THAT(ask_little(), StartsWith("HTTP/1.1 429"));
  }
  // Left, which the server may take a moment to see.
  std::string answer = ask_little();
  for (int i = 0; i < 10'000 && !answer.starts_with("HTTP/1.1 200"); ++i) answer = ask_little();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
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

TEST_F(ApiHandlerTest, AQueryWhoseTimeIsOverIsAskedToStop) {
  limits_.Set({.timeout = std::chrono::milliseconds(1)});
  Serve([](const ApiRequest& request) {
    std::binary_semaphore stopped(0);
    const std::stop_callback on_stop(request.cancelled, [&] { stopped.release(); });
    stopped.acquire();
    const bool is_late = std::chrono::steady_clock::now() >= request.deadline;
    return TextReply(504, is_late ? "late" : "in time");
  });
  net::RawPeer client = Connect();
  ASSERT_TRUE(client.Send(kGet));
  EXPECT_THAT(client.ReadToClose(), EndsWith("\r\n\r\nlate"));
}

// The worker is kept busy until it is released.
class BusyApiHandlerTest : public ApiHandlerTest {
 protected:
  void Occupy() {
    ASSERT_TRUE(workers_->TryPost("another", {[this] {
                                    started_.release();
                                    go_on_.acquire();
                                  }}));
    started_.acquire();
  }
  void Release() { go_on_.release(); }

 private:
  std::binary_semaphore started_{0}, go_on_{0};
};

TEST_F(BusyApiHandlerTest, AQueryThatWaitsTooLongForItsTurnIsToldToComeAgain) {
  limits_.Set({.queue_wait = std::chrono::milliseconds(1)});
  std::atomic<int> calls = 0;
  Serve([&](const ApiRequest&) {
    ++calls;
    return TextReply(200, "");
  });
  Occupy();
  net::RawPeer client = Connect();
  ASSERT_TRUE(client.Send(kGet));
  const std::string reply = client.ReadToClose();
  EXPECT_THAT(reply, StartsWith("HTTP/1.1 429 "));
  EXPECT_THAT(reply, HasSubstr("\r\nRetry-After: 2\r\n"));
  EXPECT_THAT(reply,
              EndsWith("query waited longer than 1 ms for its turn; 1 run at the same time\n"));
  Release();
  workers_.reset();
  EXPECT_EQ(calls, 0);
}

TEST_F(BusyApiHandlerTest, AQueryThatFindsNoRoomIsToldToComeAgain) {
  Serve([](const ApiRequest&) { return TextReply(200, ""); });
  Occupy();
  ASSERT_TRUE(workers_->TryPost("another", {[] {}}));
  net::RawPeer client = Connect();
  ASSERT_TRUE(client.Send(kGet));
  const std::string reply = client.ReadToClose();
  EXPECT_THAT(reply, HasSubstr("\r\nRetry-After: 2\r\n"));
  EXPECT_THAT(reply, EndsWith("\r\n\r\njob queue full\n"));
  Release();
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
