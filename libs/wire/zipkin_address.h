// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>

#include <string>
#include <string_view>

namespace clew::wire {

// "10.0.0.1" for 4 bytes, "2001:db8::1" for 16; empty for any other number of them.
inline std::string AddressText(std::string_view bytes) {
  char text[INET6_ADDRSTRLEN];
  const int family = bytes.size() == 4 ? AF_INET : AF_INET6;
  if (bytes.size() != 4 && bytes.size() != 16) return {};
  return inet_ntop(family, bytes.data(), text, sizeof(text)) == nullptr ? "" : text;
}

}  // namespace clew::wire
