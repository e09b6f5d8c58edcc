// SPDX-License-Identifier: Apache-2.0
#include "service_notice.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string>

#include "base/log.h"

namespace clew {

void NotifyService(std::string_view state) {
  const char* const path = std::getenv("NOTIFY_SOCKET");
  if (path == nullptr || *path == '\0') return;
  const std::string_view name(path);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (name.size() >= sizeof address.sun_path) {
    base::LogWarning("the service manager is not told: NOTIFY_SOCKET is too long");
    return;
  }
  std::memcpy(address.sun_path, name.data(), name.size());
  // A name that begins with @ is of no file: its first byte is zero.
  if (name.front() == '@') address.sun_path[0] = '\0';
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const ssize_t sent = ::sendto(socket, state.data(), state.size(), MSG_NOSIGNAL,
                                reinterpret_cast<const sockaddr*>(&address), size);
  if (sent < 0) {
    base::LogWarning("the service manager is not told: " + std::string(std::strerror(errno)));
  }
  if (socket >= 0) ::close(socket);
}

}  // namespace clew
