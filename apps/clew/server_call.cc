// SPDX-License-Identifier: Apache-2.0
#include "server_call.h"

#include <CLI/CLI.hpp>
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
  const net::ClientOptions& client;
  net::EventLoop loop{};
  net::Endpoint endpoint{};
  std::optional<base::Result<net::WholeResponse>> response{};
};

net::Task<void> Fetch(Call& call, net::RequestHead head, std::string_view body) {
  net::HttpClient client(call.loop, call.client);
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  call.response = co_await client.Fetch(call.endpoint, std::move(head), body, deadline, kMostBytes);
  call.loop.Stop();
}

}  // namespace

CLI::Option* AddServerAddress(CLI::App& command, ServerAddress& server, const std::string& text,
                              const std::string& names) {
  CLI::Option* const option = command.add_option(names, server.url, text)->capture_default_str();
  AddClientTls(command, server.client);
  return option;
}

void AddClientTls(CLI::App& command, net::ClientOptions& client) {
  const std::string group = "TLS";
  command
      .add_option("--tls-ca", client.ca_path, "PEM certificates to trust instead of the system's")
      ->check(CLI::ExistingFile)
      ->group(group);
  CLI::Option* const certificate =
      command
          .add_option("--tls-cert", client.certificate_path,
                      "PEM certificate chain for a server that asks for one, with --tls-key")
          ->check(CLI::ExistingFile);
  CLI::Option* const key =
      command
          .add_option("--tls-key", client.key_path, "PEM key of the certificate, with --tls-cert")
          ->check(CLI::ExistingFile);
  certificate->needs(key)->group(group);
  key->needs(certificate)->group(group);
}

base::Result<net::WholeResponse> CallServer(const ServerAddress& server, net::RequestHead head,
                                            std::string_view body) {
  Call call{.client = server.client};
  call.endpoint = TRY(net::ParseUrl(server.url)).endpoint;
  for (const net::Header& field : Credentials({})) head.headers.Add(field.name, field.value);
  head.authority = call.endpoint.host + ":" + std::to_string(call.endpoint.port);
  call.loop.Spawn(Fetch(call, std::move(head), body));
  call.loop.Run();
  if (call.response->ok()) return std::move(*call.response);
  return base::Error{base::ErrorCode::kUnavailable, "no answer from the server at " + server.url +
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

base::Status FlushServer(const ServerAddress& server) {
  const net::WholeResponse reply =
      TRY(CallServer(server, {.method = "POST", .target = "/flush"}, {}));
  if (reply.head.status / 100 == 2) return {};
  return base::Error{base::ErrorCode::kUnavailable,
                     "the server did not flush: " +
                         (reply.body.empty() ? std::to_string(reply.head.status) : reply.body)};
}

}  // namespace clew
