// SPDX-License-Identifier: Apache-2.0

#include "uservice/upstream_call.h"

#include <cstdio>
#include <random>
#include <utility>

#include "uservice/request_log.h"

namespace clew::demo {
namespace {

constexpr std::chrono::seconds kCallTimeout{30};
constexpr size_t kBodyLimit = 1 << 20;

void LogResponse(const net::WholeResponse& response) {
  const int status = response.head.status;
  std::printf("Got response!\nStatus: %d %s\nBody: Ok(b%s)\n", status,
              std::string(net::ReasonPhrase(status)).c_str(), QuoteBytes(response.body).c_str());
}

}  // namespace

net::Task<void> CallMockDatabase(net::EventLoop& loop, DelayRange delay) {
  static thread_local std::minstd_rand random{std::random_device{}()};
  std::uniform_int_distribution<int64_t> milliseconds(delay.shortest.count(),
                                                      delay.longest.count());
  co_await loop.SleepFor(std::chrono::milliseconds(milliseconds(random)));
}

UpstreamCaller::UpstreamCaller(net::EventLoop& loop, std::string text, net::Url url)
    : text_(std::move(text)),
      url_(std::move(url)),
      client_(std::make_unique<net::HttpClient>(loop)) {}

base::Result<UpstreamCaller> UpstreamCaller::Make(net::EventLoop& loop, const std::string& url) {
  net::Url parsed = TRY(net::ParseUrl(url));
  return UpstreamCaller(loop, url, std::move(parsed));
}

net::Task<base::Result<net::WholeResponse>> UpstreamCaller::Get(net::Headers headers) {
  std::printf("Calling %s\n", text_.c_str());
  std::fflush(stdout);
  const net::Endpoint& endpoint = url_.endpoint;
  const std::string authority = endpoint.host + ":" + std::to_string(endpoint.port);
  net::RequestHead head;
  head.method = "GET";
  head.target = url_.path;
  head.authority = authority;
  head.headers = std::move(headers);
  const auto deadline = std::chrono::steady_clock::now() + kCallTimeout;
  auto response = co_await client_->Fetch(endpoint, std::move(head), "", deadline, kBodyLimit);
  if (response.ok()) {
    LogResponse(response.value());
  } else {
    std::printf("Call failed: %s\n", response.error().message.c_str());
  }
  std::fflush(stdout);
  co_return response;
}

}  // namespace clew::demo
