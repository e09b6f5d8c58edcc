// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "load/prepared_values.h"
#include "load/service_graph.h"

namespace clew::load {

// The few ways in which each service fails, each with its stack trace. Immutable.
class Failures {
 public:
  static constexpr uint32_t kVariants = 5;  // of each service

  explicit Failures(const ServiceGraph& services);

  // Field 15 of Span: the status. `failure` is service * kVariants + variant.
  const PreparedBytes& statuses() const { return statuses_; }
  // Fields 2 and 3 of the exception event, which follow its time.
  const PreparedBytes& events() const { return events_; }

 private:
  PreparedBytes statuses_;
  PreparedBytes events_;
};

}  // namespace clew::load
