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

#include "base/fault_storage.h"
#include "base/temporary_folder.h"
#include "ingest/jaeger_datagrams.h"
#include "ingest/jaeger_grpc.h"
#include "ingest/jaeger_receiver.h"
#include "ingest/otlp_receiver.h"
#include "ingest/sampling_receiver.h"
#include "ingest/zipkin_receiver.h"
#include "net/datagram_server.h"
#include "net/grpc.h"
#include "net/http_client.h"
#include "net/server.h"
#include "store/trace_store.h"

namespace clew::ingest {

inline constexpr uint64_t kTestBodyLimit = 1 << 20;
inline constexpr uint64_t kTestInflatedLimit = 2 << 20;

// A protobuf field of length-delimited type.
inline std::string Field(int number, const std::string& bytes) {
  std::string out(1, static_cast<char>(number << 3 | 2));
  for (size_t size = bytes.size(); true; size >>= 7) {
    out.push_back(static_cast<char>(size < 0x80 ? size : (size & 0x7f) | 0x80));
    if (size < 0x80) break;
  }
  return out + bytes;
}

inline std::string OtlpSpan(const std::string& trace_id, const std::string& span_id) {
  return Field(2, Field(1, trace_id) + Field(2, span_id) + Field(5, "work"));
}

inline std::string OtlpRequest(const std::string& spans) {
  return Field(1, Field(2, spans));
}

inline std::string GoodRequest(char id = 'g') {
  return OtlpRequest(OtlpSpan(std::string(16, id), "12345678"));
}

// A thrift Batch of the binary protocol with one span.
inline std::string ThriftBatch() {
  const auto number = [](char type, char id, const std::string& bytes) {
    return std::string{type, 0, id} + bytes;
  };
  const auto text = [](const std::string& value) {
    return std::string{0, 0, 0, static_cast<char>(value.size())} + value;
  };
  const std::string one_i64 = std::string(7, '\0') + '\1';
  const std::string process = number(11, 1, text("shop")) + '\0';
  std::string span;
  for (const char id : {'\1', '\2', '\3'}) span += number(10, id, one_i64);
  span += number(10, 4, std::string(8, '\0')) + number(11, 5, text("buy"));
  span += number(8, 7, {0, 0, 0, 1}) + number(10, 8, one_i64) + number(10, 9, one_i64) + '\0';
  return number(12, 1, process) + number(15, 2, std::string{12, 0, 0, 0, 1} + span) + '\0';
}

// What a test may be short of.
struct Room {
  uint64_t memory_bytes = uint64_t{64} << 20;
  uint64_t inflated_bodies_bytes = uint64_t{64} << 20;  // of all at a time
  base::FaultStorage::Fault disk{.at = UINT64_MAX};     // no fault
};

class Receivers : public testing::Test {
 protected:
  Receivers() : Receivers(Room{}) {}
  explicit Receivers(Room room)
      : disk_(base::Storage::Local(), std::move(room.disk)), bodies_(room.inflated_bodies_bytes) {
    store_ = store::TraceStore::Open(
                 disk_, base::Clock::System(),
                 {.directory = folder_.path(), .memory_limit_bytes = room.memory_bytes})
                 .value();
    EXPECT_TRUE(store_->Replay([](const store::ReplayProgress&) {}).ok());
    ingestor_.emplace(*store_, IngestLimits{.body_bytes = kTestBodyLimit,
                                            .inflated_bytes = kTestInflatedLimit,
                                            .bodies = &bodies_});
    ingestor_->Open();
    AddOtlpGrpc(grpc_, *ingestor_);
    http_.emplace(*ingestor_);
    jaeger_.emplace(*ingestor_);
    AddJaegerGrpc(grpc_, *ingestor_);
    AddSamplingGrpc(grpc_, sampling_);
    AddZipkinGrpc(zipkin_grpc_, *ingestor_);
    zipkin_http_.emplace(*ingestor_);
    zipkin_.emplace(zipkin_grpc_, *zipkin_http_);
    grpc_server_ = Listen(grpc_);
    http_server_ = Listen(*http_);
    jaeger_server_ = Listen(jaeger_or_sampling_.emplace(sampling_, &*jaeger_));
    zipkin_server_ = Listen(*zipkin_);
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
    for (auto* server : {&grpc_server_, &http_server_, &jaeger_server_, &zipkin_server_}) {
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

  net::WholeResponse Submit(std::string_view body, std::string_view content_type,
                            std::string_view encoding = "") {
    net::Headers headers{{"Content-Type", content_type}};
    if (!encoding.empty()) headers.Add("Content-Encoding", encoding);
    return Post(jaeger_server_->port(), "/api/traces?format=jaeger.thrift", body,
                std::move(headers));
  }

  net::WholeResponse Report(std::string path, std::string_view body,
                            std::string_view content_type = "", std::string_view encoding = "") {
    net::Headers headers;
    if (!content_type.empty()) headers.Add("Content-Type", content_type);
    if (!encoding.empty()) headers.Add("Content-Encoding", encoding);
    return Post(zipkin_server_->port(), std::move(path), body, std::move(headers));
  }

  // A gRPC call whose message is compressed as `encoding` says; its grpc-status.
  std::string CallPacked(uint16_t port, std::string_view path, std::string_view packed,
                         std::string_view encoding) {
    return CallPackedForHeader(port, path, packed, encoding, "grpc-status");
  }

  // The same for a field of the head or the trailers of the answer.
  std::string CallPackedForHeader(uint16_t port, std::string_view path, std::string_view packed,
                                  std::string_view encoding, std::string_view field) {
    std::string body(1, '\1');
    for (int shift = 24; shift >= 0; shift -= 8) {
      body += static_cast<char>(packed.size() >> shift & 255);
    }
    body += packed;
    net::RequestHead head;
    head.method = "POST";
    head.target = path;
    head.authority = "127.0.0.1";
    head.headers = {{"Content-Type", "application/grpc"}, {"TE", "trailers"}};
    head.headers.Add("grpc-encoding", encoding);
    net::Endpoint endpoint;
    endpoint.host = "127.0.0.1";
    endpoint.port = port;
    endpoint.http2 = true;
    auto response = Await(client_->Fetch(endpoint, std::move(head), body, Deadline()));
    if (!response.ok()) return response.error().message;
    const net::WholeResponse& whole = response.value();
    return std::string(
        whole.trailers.Get(field).value_or(whole.head.headers.Get(field).value_or("none")));
  }

  uint16_t http_port() const { return http_server_->port(); }
  uint16_t grpc_port() const { return grpc_server_->port(); }
  uint16_t zipkin_port() const { return zipkin_server_->port(); }

  // Ends the receiving of datagrams when all that has come is handled.
  void FinishDatagrams() { compact_server_->Drain(std::chrono::seconds(20)); }

  uint16_t compact_port() const { return compact_server_->port(); }
  uint16_t jaeger_port() const { return jaeger_server_->port(); }
  Ingestor& ingestor() { return *ingestor_; }
  base::FaultStorage& disk() { return disk_; }
  net::EventLoop& loop() { return loop_; }

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
  base::FaultStorage disk_;
  net::BodyBudget bodies_;
  net::EventLoop loop_;
  std::unique_ptr<store::TraceStore> store_;
  std::optional<Ingestor> ingestor_;
  net::GrpcHandler grpc_{kTestBodyLimit};
  std::optional<OtlpHttpReceiver> http_;
  std::optional<JaegerReceiver> jaeger_;
  const std::shared_ptr<SamplingFile> sampling_ = SamplingFile::Open("").value();
  std::optional<SamplingReceiver> jaeger_or_sampling_;
  std::optional<JaegerDatagrams> compact_;
  std::unique_ptr<net::DatagramServer> compact_server_;
  net::GrpcHandler zipkin_grpc_{kTestBodyLimit};
  std::optional<ZipkinReceiver> zipkin_http_;
  std::optional<net::GrpcOrHttp> zipkin_;
  std::unique_ptr<net::Server> grpc_server_, http_server_, jaeger_server_, zipkin_server_;
  std::thread thread_;
  std::unique_ptr<net::HttpClient> client_;
};

class FullReceivers : public Receivers {
 protected:
  FullReceivers() : Receivers({.memory_bytes = 1}) {}
};

inline std::string RetryHeader(const net::WholeResponse& response) {
  return std::string(response.head.headers.Get("retry-after").value_or(""));
}

}  // namespace clew::ingest
