// SPDX-License-Identifier: Apache-2.0
#include "serve/summary_texts.h"

#include <algorithm>
#include <limits>

#include "serve/time_units.h"

namespace clew::serve {
namespace {

constexpr std::string_view kNoRoot = "<root span not yet received>";

}  // namespace

std::string ShortHex(const model::TraceId& id) {
  const std::string hex = id.ToHex();
  const size_t first = hex.find_first_not_of('0');
  return first == std::string::npos ? "0" : hex.substr(first);
}

std::string_view RootService(const query::TraceSummary& trace) {
  return trace.root_found ? std::string_view(trace.root_service) : kNoRoot;
}

uint32_t DurationMillis(const query::TraceSummary& trace) {
  return static_cast<uint32_t>(std::clamp<int64_t>(trace.duration_ns / kNanosPerMilli, 0,
                                                   std::numeric_limits<uint32_t>::max()));
}

}  // namespace clew::serve
