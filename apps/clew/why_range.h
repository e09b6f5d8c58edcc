// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "query_source.h"

namespace clew {

// When the traces of `clew why --q` and those of --vs started, as a person types it: durations
// back from now, Unix seconds, or RFC 3339. What is empty is not said.
struct WhyRange {
  std::string since;             // of --q, until now
  std::string start, end;        // of --q
  std::string vs_start, vs_end;  // of --vs; without them it has the time of --q
  std::string vs_before;         // of --vs: so long, until the time of --q begins
};

// Adds it to the call; `now_ns` is Unix nanoseconds. Errors name the flag.
base::Status AddWhyRange(const WhyRange& range, int64_t now_ns, QueryCall& call);

}  // namespace clew
