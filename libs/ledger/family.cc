// SPDX-License-Identifier: Apache-2.0
#include "ledger/family.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "base/cut_circles.h"

namespace clew::ledger {
namespace {

using model::SpanKind;

auto ByStart(const Trace& trace) {
  return [&trace](uint32_t left, uint32_t right) {
    return std::tuple(trace.spans[left].start_ns, left) <
           std::tuple(trace.spans[right].start_ns, right);
  };
}

bool NamesNoParent(const Span& span) {
  return span.parent == kNone && span.missing_parent == kNone;
}

// Whether nobody waits for a span that has a parent, or names one that was not received.
bool IsDetached(const Trace& trace, uint32_t span, uint32_t parent) {
  const Span& self = trace.spans[span];
  if (self.follows) return true;
  if (self.kind != SpanKind::kConsumer) return false;
  return parent == kNone || trace.spans[parent].kind == SpanKind::kProducer;
}

// Of the spans without a parent the one that names none; else the first, unless others go on
// when it has ended: then all of them are below one that was not received.
uint32_t RootOf(const Trace& trace, const std::vector<uint32_t>& tops) {
  uint32_t parentless = kNone, first = kNone;
  uint64_t last_end = 0;
  for (const uint32_t top : tops) {
    last_end = std::max({last_end, trace.spans[top].start_ns, trace.spans[top].end_ns});
    if (first == kNone || ByStart(trace)(top, first)) first = top;
    if (!NamesNoParent(trace.spans[top])) continue;
    if (parentless == kNone || ByStart(trace)(top, parentless)) parentless = top;
  }
  if (parentless != kNone) return parentless;
  if (first == kNone) return kNone;
  return std::max(trace.spans[first].start_ns, trace.spans[first].end_ns) >= last_end ? first
                                                                                      : kNone;
}

std::vector<MissingParent> MissingParents(const Trace& trace,
                                          const std::vector<uint32_t>& orphans) {
  // A span that names no parent, or one below itself, has one of its own.
  const auto key = [&](uint32_t span) {
    const uint32_t number =
        trace.spans[span].parent == kNone ? trace.spans[span].missing_parent : kNone;
    return number == kNone ? std::pair(1u, span) : std::pair(0u, number);
  };
  std::vector<std::pair<std::pair<uint32_t, uint32_t>, uint32_t>> keyed;
  keyed.reserve(orphans.size());
  for (const uint32_t span : orphans) keyed.emplace_back(key(span), span);
  std::ranges::sort(keyed, [&](const auto& left, const auto& right) {
    if (left.first != right.first) return left.first < right.first;
    return ByStart(trace)(left.second, right.second);
  });
  std::vector<MissingParent> parents;
  for (size_t i = 0; i < keyed.size(); ++i) {
    if (i == 0 || keyed[i].first != keyed[i - 1].first) parents.emplace_back();
    parents.back().children.push_back(keyed[i].second);
  }
  std::ranges::sort(parents, [&](const MissingParent& left, const MissingParent& right) {
    return ByStart(trace)(left.children.front(), right.children.front());
  });
  return parents;
}

}  // namespace

std::vector<uint32_t> ParentsOf(const Trace& trace) {
  std::vector<uint32_t> parents(trace.spans.size());
  for (uint32_t span = 0; span < parents.size(); ++span) {
    const uint32_t parent = trace.spans[span].parent;
    parents[span] = parent < parents.size() && parent != span ? parent : kNone;
  }
  base::CutCircles<kNone>(parents, ByStart(trace));
  return parents;
}

Family FamilyOf(const Trace& trace) {
  Family family;
  family.parents = ParentsOf(trace);
  family.waiting = family.parents;
  std::vector<uint32_t> tops;
  for (uint32_t span = 0; span < family.parents.size(); ++span) {
    const uint32_t parent = family.parents[span];
    const bool orphan = parent == kNone && trace.spans[span].missing_parent != kNone;
    if ((parent != kNone || orphan) && IsDetached(trace, span, parent)) {
      family.waiting[span] = kNone;
      family.detached.push_back(span);
    } else if (parent == kNone) {
      tops.push_back(span);
    }
  }
  if (tops.empty()) {
    for (const uint32_t span : family.detached) {
      if (family.parents[span] == kNone) tops.push_back(span);
    }
    if (!tops.empty()) tops = {*std::ranges::min_element(tops, ByStart(trace))};
    if (!tops.empty()) std::erase(family.detached, tops.front());
  }
  family.root = RootOf(trace, tops);
  std::erase(tops, family.root);
  family.missing = MissingParents(trace, tops);
  return family;
}

}  // namespace clew::ledger
