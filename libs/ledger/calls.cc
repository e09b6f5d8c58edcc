// SPDX-License-Identifier: Apache-2.0
#include "ledger/calls.h"

#include "ledger/family.h"

namespace clew::ledger {
namespace {

// Of each span the first of the service on the way down to it, kNone where there is none.
std::vector<uint32_t> TopsOf(const Trace& trace, const std::vector<uint32_t>& parents,
                             uint32_t service) {
  std::vector<uint32_t> tops(parents.size(), kNone);
  std::vector<bool> known(parents.size());
  std::vector<uint32_t> way;
  for (uint32_t span = 0; span < parents.size(); ++span) {
    uint32_t up = span;
    for (; up != kNone && !known[up]; up = parents[up]) way.push_back(up);
    uint32_t top = up == kNone ? kNone : tops[up];
    for (; !way.empty(); way.pop_back()) {
      const uint32_t below = way.back();
      if (top == kNone && trace.spans[below].service == service) top = below;
      tops[below] = top;
      known[below] = true;
    }
  }
  return tops;
}

}  // namespace

std::vector<Trace> CallsOf(const Trace& trace, uint32_t service) {
  const std::vector<uint32_t> parents = ParentsOf(trace);
  const std::vector<uint32_t> tops = TopsOf(trace, parents, service);
  std::vector<Trace> calls;
  std::vector<uint32_t> call_of(parents.size(), kNone);  // of tops
  std::vector<uint32_t> place(parents.size(), kNone);    // of a span in its call
  for (uint32_t span = 0; span < parents.size(); ++span) {
    const uint32_t top = tops[span];
    if (top == kNone) continue;
    if (call_of[top] == kNone) {
      call_of[top] = static_cast<uint32_t>(calls.size());
      calls.emplace_back();
    }
    std::vector<Span>& spans = calls[call_of[top]].spans;
    place[span] = static_cast<uint32_t>(spans.size());
    spans.push_back(trace.spans[span]);
  }
  for (uint32_t span = 0; span < parents.size(); ++span) {
    if (tops[span] == kNone) continue;
    Span& copy = calls[call_of[tops[span]]].spans[place[span]];
    copy.parent = span == tops[span] ? kNone : place[parents[span]];
    copy.missing_parent = kNone;
  }
  return calls;
}

}  // namespace clew::ledger
