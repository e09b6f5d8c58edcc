// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "load/prepared_values.h"
#include "load/trace_generator.h"

namespace clew::load {

// The libraries that make spans, as instrumentation scopes.
enum class ScopeKind : uint8_t { kNetwork, kStorage, kApplication };
inline constexpr uint32_t kScopeKindCount = 3;
ScopeKind ScopeOf(Role role);

// What is said of a process once a body: its resource, 8 attributes of its service on
// average and 5 of its own, and its scopes. Immutable.
class InstanceTables {
 public:
  explicit InstanceTables(const TraceGenerator& generator);

  // Field 1 of ResourceSpans.
  std::string_view Resource(uint32_t instance) const { return resources_.piece(instance); }
  // Field 1 of ScopeSpans.
  std::string_view Scope(uint32_t service, ScopeKind kind) const {
    return scopes_.piece(service * kScopeKindCount + static_cast<uint32_t>(kind));
  }
  // What the clock of its host is ahead of true time.
  int64_t ClockSkew(uint32_t instance) const { return clock_skews_[instance]; }

 private:
  PreparedBytes resources_;
  PreparedBytes scopes_;
  std::vector<int64_t> clock_skews_;
};

}  // namespace clew::load
