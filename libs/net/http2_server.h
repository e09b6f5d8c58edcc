// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "net/connection.h"
#include "net/task.h"
#include "net/transport.h"

namespace clew::net {

// Serves one HTTP/2 connection until it and all its handlers have ended.
// `already_read` begins with the client's preface.
Task<void> ServeHttp2(Transport transport, std::string already_read, ConnectionContext context);

}  // namespace clew::net
