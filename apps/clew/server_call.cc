// SPDX-License-Identifier: Apache-2.0
#include "server_call.h"

#include <chrono>
#include <cstdlib>
#include <optional>
#include <utility>

#include "net/event_loop.h"

namespace clew {
namespace {

constexpr std::chrono::minutes kPatience{5};  // a flush of much may take its time
// A secret is not for the command line, which others can see.
constexpr char kTokenVariable[] = "CLEW_TOKEN";
constexpr size_t kMostBytes = size_t{1} << 30;

struct Call {
  net::EventLoop loop;
  net::Endpoint endpoint;
  std::optional<base::Result<net::WholeResponse>> response{};
};

net::Task<void> Fetch(Call& call, net::RequestHead head, std::string_view body) {
  net::HttpClient client(call.loop);
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  call.response = co_await client.Fetch(call.endpoint, std::move(head), body, deadline, kMostBytes);
  call.loop.Stop();
}

}  // namespace

void AddToken(net::Headers& headers) {
  const char* const token = std::getenv(kTokenVariable);
  if (token == nullptr || *token == '\0') return;
  headers.Add("authorization", "Bearer " + std::string(token));
}

base::Result<net::WholeResponse> CallServer(const std::string& server, net::RequestHead head,
                                            std::string_view body) {
  Call call;
  call.endpoint = TRY(net::ParseUrl(server)).endpoint;
  for (const net::Header& field : Credentials({})) head.headers.Add(field.name, field.value);
  head.authority = call.endpoint.host + ":" + std::to_string(call.endpoint.port);
  call.loop.Spawn(Fetch(call, std::move(head), body));
  call.loop.Run();
  if (call.response->ok()) return std::move(*call.response);
  return base::Error{base::ErrorCode::kUnavailable, "no answer from the server at " + server +
                                                        ": " + call.response->error().message};
}

net::Headers Credentials(const std::string& tenant) {
  net::Headers headers;
  if (!tenant.empty()) headers.Add("x-scope-orgid", tenant);
  const char* const token = std::getenv(kTokenVariable);
  if (token != nullptr && *token != '\0') {
    headers.Add("authorization", "Bearer " + std::string(token));
  }
  return headers;
}

base::Status FlushServer(const std::string& server) {
  const net::WholeResponse reply =
      TRY(CallServer(server, {.method = "POST", .target = "/flush"}, {}));
  if (reply.head.status / 100 == 2) return {};
  return base::Error{base::ErrorCode::kUnavailable,
                     "the server did not flush: " +
                         (reply.body.empty() ? std::to_string(reply.head.status) : reply.body)};
}

}  // namespace clew
