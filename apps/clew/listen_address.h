// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace clew {

// What is asked of an IP address to listen on.

inline bool IsLoopback(const std::string& address) {
  return address.starts_with("127.") || address == "::1";
}

// As a URL has it: IPv6 in brackets.
inline std::string UrlHostOf(const std::string& address) {
  return address.find(':') == std::string::npos ? address : "[" + address + "]";
}

}  // namespace clew
