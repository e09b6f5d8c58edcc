// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "net/http_client.h"
#include "net/server.h"

namespace clew::net {

// For tests: a server and a client on one running loop, over real sockets.
class Http2Fixture : public testing::Test {
 public:
  void SetUp() override {
    thread_ = std::thread([this] { loop_.Run(); });
  }
  void TearDown() override {
    if (client_) On(Destroy(client_));
    if (server_) server_->Drain(std::chrono::milliseconds(0));
    loop_.Stop();
    thread_.join();
  }

  void Serve(Handler& handler, const ListenOptions& options = {}) {
    auto listening = Server::Listen(options, {&loop_}, handler);
    ASSERT_TRUE(listening.ok()) << listening.error().message;
    server_ = std::move(listening).value();
    client_ = std::make_unique<HttpClient>(loop_);
  }

  // Runs `task` on the loop and waits for its result.
  template <typename T>
  T On(Task<T> task) {
    std::promise<T> done;
    loop_.Spawn(Fulfil(std::move(task), done));
    return done.get_future().get();
  }

  // What belongs to the loop is destroyed on its thread.
  template <typename T>
  static Task<bool> Destroy(std::unique_ptr<T>& owned) {
    owned.reset();
    co_return true;
  }

  Endpoint endpoint() const { return {"127.0.0.1", server_->port(), false, true}; }
  static std::chrono::steady_clock::time_point In(std::chrono::milliseconds duration) {
    return std::chrono::steady_clock::now() + duration;
  }
  static std::chrono::steady_clock::time_point Soon() { return In(std::chrono::seconds(20)); }
  static RequestHead Head(std::string method, std::string target) {
    RequestHead head;
    head.method = std::move(method);
    head.target = std::move(target);
    head.authority = "test";
    return head;
  }

  EventLoop loop_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<HttpClient> client_;

 private:
  template <typename T>
  static Task<void> Fulfil(Task<T> task, std::promise<T>& done) {
    done.set_value(co_await task);
  }
  std::thread thread_;
};

}  // namespace clew::net
