// SPDX-License-Identifier: Apache-2.0
// The service over HTTP/2, with an empty store; what it answers of spans is compared with
// the HTTP API by tests/e2e/streaming_test.py.
#include "serve/streaming/streaming_api.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <semaphore>
#include <string>
#include <thread>
#include <utility>

#include "base/temporary_folder.h"
#include "base/test_packers.h"
#include "model/recording_tracer.h"
#include "net/grpc_wire.h"
#include "net/http2_fixture.h"
#include "serve/limits.h"
#include "wire/protobuf_writer.h"

namespace clew::serve {
namespace {

using net::GrpcCode;

// Keeps the only worker of a pool busy for as long as it lives.
class OccupiedWorker {
 public:
  explicit OccupiedWorker(WorkerPool& workers) {
    EXPECT_TRUE(workers.TryPost("another", {[this] {
                                  started_.release();
                                  go_on_.acquire();
                                  ended_.release();
                                }}));
    started_.acquire();
  }
  ~OccupiedWorker() {
    go_on_.release();
    ended_.acquire();
  }
  OccupiedWorker(const OccupiedWorker&) = delete;
  OccupiedWorker& operator=(const OccupiedWorker&) = delete;

 private:
  std::binary_semaphore started_{0}, go_on_{0}, ended_{0};
};

class StreamingApi : public net::Http2Fixture {
 protected:
  void SetUp() override {
    Http2Fixture::SetUp();
    store_ = store::TraceStore::Open(base::Storage::Local(), base::Clock::System(),
                                     {.directory = folder_.path()})
                 .value();
    ASSERT_TRUE(store_->Replay([](const store::ReplayProgress&) {}).ok());
    if (ready_) readiness_.SetReady();
    queries_.emplace(*store_, readiness_, limits_, base::Clock::System(), &tracer_);
    AddStreamingApi(handler_, *queries_, *workers_);
    Serve(handler_);
  }
  void TearDown() override {
    workers_.reset();
    Http2Fixture::TearDown();
    store_->Close();
  }

  net::GrpcReply Call(const std::string& method, std::string_view message, bool gzip = false) {
    const std::string path = "/tempopb.StreamingQuerier/" + method;
    const net::GrpcCallRequest request{path, message, metadata_, gzip};
    return On(net::GrpcCall(*client_, endpoint(), request, Soon()));
  }

  // Code and text of the answer to a message in an encoding that our client does not write.
  std::string StatusOfPacked(const std::string& packed, std::string_view encoding) {
    net::RequestHead head = Head("POST", "/tempopb.StreamingQuerier/SearchTagsV2");
    head.headers.Add("content-type", "application/grpc");
    head.headers.Add("grpc-encoding", encoding);
    const std::string body = net::GrpcPrefix(packed.size(), true) + packed;
    const auto response = On(client_->Fetch(endpoint(), std::move(head), body, Soon())).value();
    const auto field = [&](std::string_view name) {
      return std::string(response.head.headers.Get(name).value_or(""));
    };
    return field("grpc-status") + ": " +
           net::PercentDecode(field("grpc-message"), false).value_or("");
  }

  static std::string Query(uint32_t field, std::string_view text) {
    wire::ProtobufWriter out;
    out.Bytes(field, text);
    return out.Take();
  }

  const base::TemporaryFolder folder_;
  const net::Headers metadata_;
  std::unique_ptr<store::TraceStore> store_;
  model::RecordingTracer tracer_;
  Readiness readiness_;
  bool ready_ = true;
  QueryLimits limits_;
  std::optional<Queries> queries_;
  std::optional<WorkerPool> workers_{std::in_place, 1, 1};
  net::GrpcHandler handler_{kStreamRequestBytes};
};

TEST_F(StreamingApi, AnEmptySearchIsOneMessageWithAllJobsDone) {
  const net::GrpcReply reply = Call("Search", "");
  EXPECT_EQ(reply.status.code, GrpcCode::kOk) << reply.status.message;
  EXPECT_EQ(reply.message, "\x12\x04\x20\x01\x28\x01");
}

TEST_F(StreamingApi, ACallIsASpanAndItsQueryOneBelow) {
  EXPECT_EQ(Call("Search", "").status.code, GrpcCode::kOk);
  while (tracer_.ended().size() < 2) std::this_thread::yield();
  const model::RecordingTracer::Span query = tracer_.ended()[0], call = tracer_.ended()[1];
  EXPECT_EQ(call.name, "tempopb.StreamingQuerier/Search");
  EXPECT_EQ(call.texts.at("http.route"), "/tempopb.StreamingQuerier/Search");
  EXPECT_EQ(call.texts.at("rpc.method"), "Search");
  EXPECT_EQ(call.numbers.at("rpc.grpc.status_code"), 0u);
  EXPECT_EQ(query.name, "query Search");
  EXPECT_EQ(query.parent.value().span_id, call.context.span_id);
  EXPECT_EQ(query.numbers.at("clew.results"), 0u);
}

TEST_F(StreamingApi, ARequestMayBeCompressed) {
  EXPECT_EQ(Call("SearchTagsV2", Query(1, "x"), true).status.message, "invalid scope: x");
  EXPECT_EQ(StatusOfPacked(base::Zstd(Query(1, "x")), "zstd"), "3: invalid scope: x");
  EXPECT_TRUE(StatusOfPacked("x", "br").starts_with("12: unsupported content encoding 'br'"));
}

TEST_F(StreamingApi, BytesThatAreNoRequestAreInvalid) {
  for (const std::string method :
       {"Search", "SearchTags", "SearchTagsV2", "SearchTagValues", "SearchTagValuesV2",
        "MetricsQueryRange", "MetricsQueryInstant"}) {
    EXPECT_EQ(Call(method, "\x0a\x7f").status.code, GrpcCode::kInvalidArgument) << method;
  }
}

TEST_F(StreamingApi, AWrongQuerySaysWhatHttpSays) {
  const net::GrpcStatus status = Call("MetricsQueryRange", "").status;
  EXPECT_EQ(status.code, GrpcCode::kInvalidArgument);
  EXPECT_EQ(status.message, "the parameter q is missing; as in q={ } | rate()");
}

TEST_F(StreamingApi, ACallThatFindsNoRoomAmongTheQueriesIsTold) {
  const OccupiedWorker occupied(*workers_);
  ASSERT_TRUE(workers_->TryPost("another", {[] {}}));
  EXPECT_EQ(Call("Search", "").status.code, GrpcCode::kResourceExhausted);
}

// Queries wait for their turn for a moment only.
class ImpatientStreamingApi : public StreamingApi {
 protected:
  ImpatientStreamingApi() { limits_.queue_wait = std::chrono::milliseconds(1); }
};

TEST_F(ImpatientStreamingApi, ACallThatWaitsTooLongForItsTurnMayBeTriedAgain) {
  const OccupiedWorker occupied(*workers_);
  const net::GrpcStatus status = Call("Search", "").status;
  EXPECT_EQ(status.code, GrpcCode::kResourceExhausted);
  EXPECT_EQ(status.message.substr(0, 37), "query waited longer than 1 ms for its");
}

TEST_F(StreamingApi, ACallWhoseTimeIsOverIsNotWaitedFor) {
  const OccupiedWorker occupied(*workers_);
  net::RequestHead head = Head("POST", "/tempopb.StreamingQuerier/Search");
  head.headers.Add("content-type", "application/grpc");
  head.headers.Add("grpc-timeout", "50m");
  const std::string empty_message(5, '\0');
  const auto response = On(client_->Fetch(endpoint(), std::move(head), empty_message, Soon()));
  EXPECT_EQ(response.value().head.headers.Get("grpc-status"), "4");
}

class EarlyStreamingApi : public StreamingApi {
 protected:
  EarlyStreamingApi() { ready_ = false; }
};

TEST_F(EarlyStreamingApi, BeforeItIsReadyItSaysHowFarItIs) {
  const net::GrpcStatus status = Call("Search", "").status;
  EXPECT_EQ(status.code, GrpcCode::kInternal);
  EXPECT_EQ(status.message, readiness_.Describe());
}

TEST_F(StreamingApi, AServerThatIsEndingAnswers) {
  readiness_.SetStopping();
  EXPECT_EQ(Call("Search", "").status.code, GrpcCode::kOk);
}

}  // namespace
}  // namespace clew::serve
