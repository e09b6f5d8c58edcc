// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/http.h"
#include "opentelemetry/context/propagation/text_map_propagator.h"

namespace clew::demo {

// Lets propagators read and write the headers of a message. Borrows them.
class HeaderCarrier final : public opentelemetry::context::propagation::TextMapCarrier {
 public:
  explicit HeaderCarrier(net::Headers& headers) : headers_(headers) {}

  std::string_view Get(std::string_view key) const noexcept override {
    return headers_.Get(key).value_or("");
  }
  void Set(std::string_view key, std::string_view value) noexcept override {
    headers_.Set(key, std::string(value));
  }

 private:
  net::Headers& headers_;
};

}  // namespace clew::demo
