// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "net/http_client.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace clew {

// Where a server is, and how it is spoken to where that is over TLS.
struct ServerAddress {
  std::string url = "http://127.0.0.1:3200";
  net::ClientOptions client{};
};

// Adds --server, or what else `names` says, and the flags of AddClientTls.
CLI::Option* AddServerAddress(CLI::App& command, ServerAddress& server, const std::string& text,
                              const std::string& names = "--server");
// Adds --tls-ca, --tls-cert and --tls-key, for all servers that a command calls.
void AddClientTls(CLI::App& command, net::ClientOptions& client);

// One request to a running server and its answer. kUnavailable names the server when nobody answers
// there; kInvalidArgument when it is no address. The token in the environment variable CLEW_TOKEN,
// if there is one, goes with it.
base::Result<net::WholeResponse> CallServer(const ServerAddress& server, net::RequestHead head,
                                            std::string_view body);

// What tells a server who asks: "authorization" with the token of CLEW_TOKEN, if there is one, and
// "x-scope-orgid" with the tenant, if it is not empty.
net::Headers Credentials(const std::string& tenant);

// Has the server with that query API write all that it acknowledged into blocks.
base::Status FlushServer(const ServerAddress& server);

}  // namespace clew
