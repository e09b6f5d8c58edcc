// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "net/exchange.h"
#include "net/http.h"

namespace clew::edge {

// `headers` without those that concern one connection only: the standard
// hop-by-hop fields and whatever Connection names.
net::Headers WithoutHopByHop(const net::Headers& headers);

// Sets X-Forwarded-{For,Host,Proto,Port,Server} and X-Real-Ip from what the edge
// itself sees; what a client claims in these fields is not trusted.
void SetForwarded(const net::Exchange& exchange, std::string_view server_name,
                  net::Headers& headers);

}  // namespace clew::edge
