// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "net/connection.h"
#include "net/transport.h"

namespace clew::net {

// Serves HTTP/1.1 and 1.0 on one connection until it ends: one request after
// the other, in order, however many the client sends ahead.
Task<void> ServeHttp1(Transport transport, std::string already_read, ConnectionContext context);

}  // namespace clew::net
