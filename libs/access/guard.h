// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string_view>
#include <utility>

#include "access/access.h"
#include "net/exchange.h"

namespace clew::access {

// Stands before a handler: tells the exchange whose request it is, or refuses it in the words of
// its protocol, HTTP or gRPC, and tells `on_refused` why. Thread-safe; what it is given outlives
// it.
class Guard final : public net::Handler {
 public:
  using RefusedCallback = std::function<void(const net::Exchange&, const Refusal&)>;
  Guard(Access& access, net::Handler& behind, RefusedCallback on_refused = {})
      : access_(access), behind_(behind), on_refused_(std::move(on_refused)) {}
  net::Task<void> Handle(net::Exchange& exchange) override;

 private:
  Access& access_;
  net::Handler& behind_;
  const RefusedCallback on_refused_;
};

}  // namespace clew::access
