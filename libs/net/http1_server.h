// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "net/connection.h"
#include "net/transport.h"

namespace clew::net {

// How long a connection without a request is left open when its server goes: what its client
// sends until then is answered, and is told that it is the last.
inline constexpr std::chrono::milliseconds kLastRequestTime{250};

// Serves HTTP/1.1 and 1.0 on one connection until it ends: one request after
// the other, in order, however many the client sends ahead.
Task<void> ServeHttp1(Transport transport, std::string already_read, ConnectionContext context);

}  // namespace clew::net
