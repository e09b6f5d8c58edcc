// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "net/exchange.h"
#include "net/http.h"

namespace clew::edge {

// Removes the fields that concern one connection only: the standard hop-by-hop
// fields and whatever Connection names.
void RemoveHopByHop(net::Headers& headers);

// The fields of the exchange's request that go on to the upstream, and with them
// X-Forwarded-{For,Host,Port,Proto,Server} and X-Real-Ip from what the edge itself
// sees; what a client claims in these fields is not trusted.
net::Headers ForwardedHeaders(const net::Exchange& exchange, std::string_view server_name);

}  // namespace clew::edge
