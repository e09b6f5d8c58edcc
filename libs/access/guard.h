// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string_view>
#include <utility>

#include "access/access.h"
#include "net/exchange.h"

namespace clew::access {

// Stands before a handler: tells the exchange whose request it is, or refuses it in the words of
// its protocol, HTTP or gRPC, and tells `on_refused` why. What `is_open` holds for has nobody's
// spans in it, and wants credentials where there are some, but no tenant. Thread-safe; what it is
// given outlives it.
class Guard final : public net::Handler {
 public:
  using RefusedCallback = std::function<void(const net::Exchange&, const Refusal&)>;
  using OpenPredicate = std::function<bool(const net::RequestHead&)>;
  Guard(Access& access, net::Handler& behind, RefusedCallback on_refused = {},
        OpenPredicate is_open = {})
      : access_(access),
        behind_(behind),
        on_refused_(std::move(on_refused)),
        is_open_(std::move(is_open)) {}
  net::Task<void> Handle(net::Exchange& exchange) override;

 private:
  bool IsOpen(const net::RequestHead& request) const;

  Access& access_;
  net::Handler& behind_;
  const RefusedCallback on_refused_;
  const OpenPredicate is_open_;
};

}  // namespace clew::access
