// SPDX-License-Identifier: Apache-2.0
#include "ledger/skew.h"

#include <algorithm>

namespace clew::ledger {
namespace {

using model::SpanKind;

// A server may be longer than its client by one of so many parts, and stick out by as much: it may
// end its span after the client has the answer.
constexpr uint64_t kToleratedParts = 100;

// All nodes, parents before what is below them.
std::vector<uint32_t> TopDown(const std::vector<uint32_t>& parents) {
  std::vector<uint32_t> order, chain;
  std::vector<bool> known(parents.size());
  order.reserve(parents.size());
  for (uint32_t node = 0; node < parents.size(); ++node) {
    for (uint32_t at = node; at != kNone && !known[at]; at = parents[at]) {
      known[at] = true;
      chain.push_back(at);
    }
    order.insert(order.end(), chain.rbegin(), chain.rend());
    chain.clear();
  }
  return order;
}

uint64_t Shifted(uint64_t time_ns, int64_t by_ns) {
  const uint64_t amount =
      by_ns < 0 ? 0 - static_cast<uint64_t>(by_ns) : static_cast<uint64_t>(by_ns);
  if (by_ns < 0) return time_ns - std::min(time_ns, amount);
  return time_ns + std::min(UINT64_MAX - time_ns, amount);
}

// From where a server of that length starts to where it would in the middle of its client.
int64_t ShiftOf(const Interval& client, const Interval& server) {
  const uint64_t spare = client.nanos() - std::min(server.nanos(), client.nanos());
  return static_cast<int64_t>(client.start_ns + spare / 2 - server.start_ns);
}

}  // namespace

std::vector<Interval> TimesOf(const Trace& trace) {
  std::vector<Interval> times;
  times.reserve(trace.spans.size());
  for (const Span& span : trace.spans) {
    times.push_back({span.start_ns, std::max(span.start_ns, span.end_ns)});
  }
  return times;
}

std::vector<uint32_t> SkewedServers(const Trace& trace, const std::vector<uint32_t>& parents) {
  std::vector<uint32_t> servers(parents.size());  // below each
  const auto is_pair = [&](uint32_t span) {
    return trace.spans[span].kind == SpanKind::kServer && parents[span] != kNone &&
           trace.spans[parents[span]].kind == SpanKind::kClient;
  };
  for (uint32_t span = 0; span < parents.size(); ++span) {
    if (is_pair(span)) ++servers[parents[span]];
  }
  const std::vector<Interval> times = TimesOf(trace);
  std::vector<uint32_t> skewed;
  for (uint32_t span = 0; span < parents.size(); ++span) {
    if (!is_pair(span) || servers[parents[span]] != 1) continue;
    const Interval& client = times[parents[span]];
    const Interval& server = times[span];
    const uint64_t tolerated = client.nanos() / kToleratedParts;
    const bool early =
        server.start_ns < client.start_ns && client.start_ns - server.start_ns > tolerated;
    const bool late = server.end_ns > client.end_ns && server.end_ns - client.end_ns > tolerated;
    const bool fits = server.nanos() <= client.nanos() + tolerated;
    if (fits && (early || late)) skewed.push_back(span);
  }
  return skewed;
}

void CorrectSkew(const std::vector<uint32_t>& skewed, const std::vector<uint32_t>& parents,
                 std::vector<Interval>& times) {
  if (skewed.empty()) return;
  std::vector<int64_t> shifts(parents.size());
  for (const uint32_t node : TopDown(parents)) {
    if (parents[node] == kNone) continue;
    shifts[node] = shifts[parents[node]];
    Interval& time = times[node];
    if (std::ranges::binary_search(skewed, node)) {
      shifts[node] = ShiftOf(times[parents[node]], time);
    }
    time = {Shifted(time.start_ns, shifts[node]), Shifted(time.end_ns, shifts[node])};
  }
}

}  // namespace clew::ledger
