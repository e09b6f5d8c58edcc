// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/counter.h"
#include "base/paced_warning.h"
#include "net/end_reason.h"

namespace clew::net {

// The connections of one port that the server has ended to protect itself: counts them, and warns
// of them, one line in a while for each reason. Thread-safe.
class EndedConnections {
 public:
  // Empty: the port has no name.
  explicit EndedConnections(std::string port) : port_(std::move(port)) {}

  void Note(EndReason reason, std::string_view client);
  uint64_t count(EndReason reason) const { return counts_[static_cast<size_t>(reason)].value(); }

 private:
  const std::string port_;
  std::array<base::Counter, kEndReasons.size()> counts_;
  std::array<base::PacedWarning, kEndReasons.size()> warnings_;
};

}  // namespace clew::net
