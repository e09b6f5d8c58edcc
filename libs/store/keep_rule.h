// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/ids.h"
#include "store/sources.h"

namespace clew::store {

// When spans go that are to stay for so long.
inline int64_t EndOfAge(int64_t received_unix_nano, int64_t age_ns) {
  int64_t end = 0;
  return __builtin_add_overflow(received_unix_nano, age_ns, &end) ? INT64_MAX : end;
}

// What stays of blocks whose time is over.
struct Selection {
  // By how long after it was received: the traces, in the order of their ids, each once.
  std::map<int64_t, std::vector<model::TraceId>> kept_ns{};
  // Why some blocks could not be looked at, each by its name.
  std::vector<std::string> left_out{};
};

// Which traces a retention keeps for longer than all others. Thread-safe.
class KeepRule {
 public:
  virtual ~KeepRule() = default;
  // Of the traces that have spans in `expired`, those that are kept. Each is looked at as a whole:
  // with all that `sources` has of it, which are all of the tenant at this moment. An error
  // when a block of `expired` cannot be read; kCancelled once `stopped` is asked for.
  virtual base::Result<Selection> Select(const std::vector<std::shared_ptr<const Block>>& expired,
                                         const Sources& sources,
                                         const std::stop_token& stopped) const = 0;
  // The longest that it keeps anything, after it was received.
  virtual int64_t longest_ns() const = 0;
};

}  // namespace clew::store
