// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "access/access.h"
#include "net/exchange.h"

namespace clew::access {

// Stands before a handler: tells the exchange whose request it is, or refuses it in the words of
// its protocol, HTTP or gRPC. Thread-safe; both it is given outlive it.
class Guard final : public net::Handler {
 public:
  Guard(Access& access, net::Handler& behind) : access_(access), behind_(behind) {}
  net::Task<void> Handle(net::Exchange& exchange) override;

 private:
  Access& access_;
  net::Handler& behind_;
};

}  // namespace clew::access
