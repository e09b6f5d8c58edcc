// SPDX-License-Identifier: Apache-2.0
#include "why_range.h"

#include <algorithm>
#include <optional>

#include "serve/go_duration.h"
#include "serve/metrics_parameters.h"

namespace clew {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

base::Result<int64_t> ParseSpan(const char* flag, const std::string& text) {
  base::Result<int64_t> span = serve::ParseGoDuration(text);
  if (!span.ok()) return base::Invalid(std::string(flag) + ": " + span.error().message);
  if (span.value() > 0) return span;
  return base::Invalid(std::string(flag) + ": must be more than nothing, as in 15m");
}

// Unix seconds; empty if nothing is said. Ends are rounded up, so that nothing is cut off.
base::Result<std::optional<int64_t>> ParseTime(const char* flag, const std::string& text,
                                               int64_t round_up = 0) {
  if (text.empty()) return std::optional<int64_t>{};
  const base::Result<int64_t> time = serve::ParseUnixTime(text);
  if (!time.ok()) return base::Invalid(std::string(flag) + ": " + time.error().message);
  return std::optional((time.value() + round_up) / kSecond);
}

void Add(QueryCall& call, const char* name, std::optional<int64_t> seconds) {
  if (seconds) call.parameters.emplace_back(name, std::to_string(*seconds));
}

}  // namespace

base::Status AddWhyRange(const WhyRange& range, int64_t now_ns, QueryCall& call) {
  constexpr int64_t kUp = kSecond - 1;
  std::optional<int64_t> start = TRY(ParseTime("--start", range.start));
  std::optional<int64_t> end = TRY(ParseTime("--end", range.end, kUp));
  if (!range.since.empty()) {
    start = (now_ns - TRY(ParseSpan("--since", range.since))) / kSecond;
    end = (now_ns + kUp) / kSecond;
  }
  Add(call, "start", start);
  Add(call, "end", end);
  std::optional<int64_t> vs_start = TRY(ParseTime("--vs-start", range.vs_start));
  std::optional<int64_t> vs_end = TRY(ParseTime("--vs-end", range.vs_end, kUp));
  if (!range.vs_before.empty()) {
    if (!start) return base::Invalid("--vs-before needs --since or --start: before what?");
    vs_end = start;
    const int64_t span = TRY(ParseSpan("--vs-before", range.vs_before));
    vs_start = std::max<int64_t>(0, *start - (span + kUp) / kSecond);
  }
  Add(call, "baselineStart", vs_start);
  Add(call, "baselineEnd", vs_end);
  return {};
}

}  // namespace clew
