// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace clew {

// Tells the service manager that started this process how it is, "READY=1" or "STOPPING=1"; does
// nothing where there is none. A message that does not arrive is not worth ending for.
// Source: sd_notify(3), a datagram to the socket that NOTIFY_SOCKET names.
void NotifyService(std::string_view state);

}  // namespace clew
