// SPDX-License-Identifier: Apache-2.0
#include "ledger/peer_name.h"

#include <arpa/inet.h>

#include <string>

namespace clew::ledger {

bool IsPoorName(std::string_view name) {
  if (name.empty()) return false;
  if (name.find_first_not_of("0123456789") == std::string_view::npos) return true;
  if (name.size() >= INET6_ADDRSTRLEN) return false;
  in6_addr address{};
  const std::string text(name);
  return inet_pton(AF_INET, text.c_str(), &address) == 1 ||
         inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

}  // namespace clew::ledger
