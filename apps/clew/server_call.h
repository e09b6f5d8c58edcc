// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "net/http_client.h"

namespace clew {

// One request to a running server and its answer. `server` is its address,
// "http://127.0.0.1:3200". kUnavailable names the server when nobody answers there;
// kInvalidArgument when it is no address. The token in the environment variable CLEW_TOKEN, if
// there is one, goes with it.
base::Result<net::WholeResponse> CallServer(const std::string& server, net::RequestHead head,
                                            std::string_view body);

// What tells a server who asks: "authorization" with the token of CLEW_TOKEN, if there is one, and
// "x-scope-orgid" with the tenant, if it is not empty.
net::Headers Credentials(const std::string& tenant);

// Has the server with that query API write all that it acknowledged into blocks.
base::Status FlushServer(const std::string& server);

}  // namespace clew
