// SPDX-License-Identifier: Apache-2.0
// All receivers on ports of their own, with a real store in a folder of its own.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "base/temporary_folder.h"
#include "ingest/jaeger_datagrams.h"
#include "ingest/jaeger_grpc.h"
#include "ingest/jaeger_receiver.h"
#include "ingest/otlp_receiver.h"
#include "ingest/sampling_receiver.h"
#include "net/datagram_server.h"
#include "net/grpc.h"
#include "net/http_client.h"
#include "net/server.h"
#include "store/trace_store.h"

namespace clew::ingest {

inline constexpr uint64_t kTestBodyLimit = 1 << 20;
inline constexpr uint64_t kTestInflatedLimit = 2 << 20;

class Receivers : public testing::Test {
 protected:
  Receivers() : Receivers(uint64_t{64} << 20) {}
  explicit Receivers(uint64_t memory_limit_bytes) {
    store_ = store::TraceStore::Open(
                 base::Storage::Local(), base::Clock::System(),
                 {.directory = folder_.path(), .memory_limit_bytes = memory_limit_bytes})
                 .value();
    EXPECT_TRUE(store_->Replay([](const store::ReplayProgress&) {}).ok());
    ingestor_.emplace(
        *store_, IngestLimits{.body_bytes = kTestBodyLimit, .inflated_bytes = kTestInflatedLimit});
    ingestor_->Open();
    AddOtlpGrpc(grpc_, *ingestor_);
    http_.emplace(*ingestor_);
    jaeger_.emplace(*ingestor_);
    AddJaegerGrpc(grpc_, *ingestor_);
    AddSamplingGrpc(grpc_, sampling_);
    grpc_server_ = Listen(grpc_);
    http_server_ = Listen(*http_);
    jaeger_server_ = Listen(jaeger_or_sampling_.emplace(sampling_, &*jaeger_));
    compact_.emplace(*ingestor_, wire::Format::kJaegerCompactMessage);
    compact_server_ = net::DatagramServer::Listen("127.0.0.1", 0, loop_, *compact_).value();
    thread_ = std::thread([this] { loop_.Run(); });
    client_ = std::make_unique<net::HttpClient>(loop_);
  }

  ~Receivers() override {
    Await([](Receivers& self) -> net::Task<bool> {
      self.client_.reset();
      co_return true;
    }(*this));
    for (auto* server : {&grpc_server_, &http_server_, &jaeger_server_}) {
      (*server)->Drain(std::chrono::seconds(5));
    }
    compact_server_->Drain(std::chrono::seconds(5));
    store_->Close();
    loop_.Stop();
    thread_.join();
  }

  // Runs a task on the loop's thread and returns what it returns.
  template <typename T>
  T Await(net::Task<T> task) {
    std::promise<T> done;
    loop_.Spawn(Finish(std::move(task), done));
    return done.get_future().get();
  }

  net::WholeResponse Post(uint16_t port, std::string path, std::string_view body,
                          net::Headers headers, std::string method = "POST") {
    net::RequestHead head;
    head.method = std::move(method);
    head.target = std::move(path);
    head.authority = "127.0.0.1";
    head.headers = std::move(headers);
    head.content_length = body.size();
    net::Endpoint endpoint;
    endpoint.host = "127.0.0.1";
    endpoint.port = port;
    auto response = Await(client_->Fetch(endpoint, std::move(head), body, Deadline()));
    if (!response.ok()) {
      ADD_FAILURE() << response.error().message;
      return {};
    }
    return std::move(response).value();
  }

  net::WholeResponse Export(std::string_view body,
                            std::string_view content_type = "application/x-protobuf",
                            std::string_view encoding = "") {
    net::Headers headers{{"Content-Type", content_type}};
    if (!encoding.empty()) headers.Add("Content-Encoding", encoding);
    return Post(http_server_->port(), "/v1/traces", body, std::move(headers));
  }

  net::GrpcReply Call(std::string_view message, std::string_view encoding = "",
                      std::string_view path = kOtlpTraceExport) {
    net::Endpoint endpoint;
    endpoint.host = "127.0.0.1";
    endpoint.port = grpc_server_->port();
    endpoint.http2 = true;
    const net::GrpcCallRequest request{path, message, metadata_, encoding == "gzip"};
    return Await(net::GrpcCall(*client_, endpoint, request, Deadline()));
  }

  net::WholeResponse Submit(std::string_view body, std::string_view content_type) {
    return Post(jaeger_server_->port(), "/api/traces?format=jaeger.thrift", body,
                {{"Content-Type", content_type}});
  }

  // Ends the receiving of datagrams when all that has come is handled.
  void FinishDatagrams() { compact_server_->Drain(std::chrono::seconds(20)); }

  uint16_t compact_port() const { return compact_server_->port(); }
  uint16_t jaeger_port() const { return jaeger_server_->port(); }
  uint16_t http_port() const { return http_server_->port(); }
  Ingestor& ingestor() { return *ingestor_; }

 private:
  static std::chrono::steady_clock::time_point Deadline() {
    return std::chrono::steady_clock::now() + std::chrono::seconds(20);
  }
  template <typename T>
  static net::Task<void> Finish(net::Task<T> task, std::promise<T>& done) {
    T value = co_await task;
    done.set_value(std::move(value));
  }
  std::unique_ptr<net::Server> Listen(net::Handler& handler) {
    net::ListenOptions options;
    options.body_limit_bytes = kTestBodyLimit;
    return net::Server::Listen(options, {&loop_}, handler).value();
  }

  const base::TemporaryFolder folder_;
  const net::Headers metadata_;
  net::EventLoop loop_;
  std::unique_ptr<store::TraceStore> store_;
  std::optional<Ingestor> ingestor_;
  net::GrpcHandler grpc_{kTestBodyLimit};
  std::optional<OtlpHttpReceiver> http_;
  std::optional<JaegerReceiver> jaeger_;
  const std::shared_ptr<SamplingFile> sampling_ = SamplingFile::Open("").value();
  std::optional<SamplingReceiver> jaeger_or_sampling_;
  std::optional<JaegerDatagrams> compact_;
  std::unique_ptr<net::Server> grpc_server_, http_server_, jaeger_server_;
  std::unique_ptr<net::DatagramServer> compact_server_;
  std::thread thread_;
  std::unique_ptr<net::HttpClient> client_;
};

}  // namespace clew::ingest
