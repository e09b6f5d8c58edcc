// SPDX-License-Identifier: Apache-2.0
// Four steps: who waits for whom (family.h), with clocks corrected if that is wanted (skew.h);
// what part of each span's time can count, and the order of children (forest.h); places for
// parents that were not received (missing.h); and a walk from the end to the start of each tree
// that says whose each stretch of time is (walk.h).
#include "ledger/ledger.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "ledger/family.h"
#include "ledger/forest.h"
#include "ledger/missing.h"
#include "ledger/skew.h"
#include "ledger/walk.h"

namespace clew::ledger {
namespace {

using model::SpanKind;

// Of each client span the first of what it called, by start, in another service or by kind.
std::vector<uint32_t> ServersOf(const Trace& trace, const std::vector<uint32_t>& parents) {
  std::vector<uint32_t> servers(parents.size(), kNone);
  for (uint32_t span = 0; span < parents.size(); ++span) {
    const uint32_t parent = parents[span];
    if (parent == kNone || trace.spans[parent].kind != SpanKind::kClient) continue;
    const bool remote = trace.spans[span].kind == SpanKind::kServer ||
                        trace.spans[span].service != trace.spans[parent].service;
    uint32_t& server = servers[parent];
    const bool first = server == kNone || trace.spans[span].start_ns < trace.spans[server].start_ns;
    if (remote && first) server = span;
  }
  return servers;
}

class Builder {
 public:
  Builder(const Trace& trace, const LedgerOptions& options)
      : trace_(trace), family_(FamilyOf(trace)), servers_(ServersOf(trace, family_.parents)) {
    ledger_.skewed = SkewedServers(trace, family_.parents);
    forest_.times = TimesOf(trace);
    if (options.correct_skew) CorrectSkew(ledger_.skewed, family_.parents, forest_.times);
    forest_.parents = family_.waiting;
  }

  TraceLedger Build() && {
    if (trace_.spans.empty()) return std::move(ledger_);
    PlaceAll();
    AddAccount(root_, family_.root);
    for (const uint32_t span : family_.detached) AddAccount(span, span);
    FindStrays();
    CountMissing();
    return std::move(ledger_);
  }

 private:
  uint32_t span_count() const { return static_cast<uint32_t>(trace_.spans.size()); }

  // Adds what was not received, and computes all parts.
  void PlaceAll() {
    root_ = family_.root;
    if (root_ == kNone) {
      root_ = span_count();
      forest_.times.push_back(HullOfMissing());
      forest_.parents.push_back(kNone);
    }
    first_missing_ = static_cast<uint32_t>(forest_.times.size());
    std::vector<uint32_t> tops = {root_};
    tops.insert(tops.end(), family_.detached.begin(), family_.detached.end());
    ClipTopDown(forest_, tops);
    PlaceMissingParents(family_.missing, root_, tops, forest_);
  }

  Interval HullOfMissing() const {
    Interval hull{UINT64_MAX, 0};
    for (const MissingParent& parent : family_.missing) {
      for (const uint32_t child : parent.children) {
        hull = {std::min(hull.start_ns, forest_.times[child].start_ns),
                std::max(hull.end_ns, forest_.times[child].end_ns)};
      }
    }
    return hull;
  }

  // The span that stands for a node: itself, or the first that names the missing parent.
  uint32_t SpanOf(uint32_t node) const {
    if (node == kNone || node < span_count()) return node;
    const uint32_t place = node < first_missing_ ? 0 : node - first_missing_;
    return family_.missing[place].children.front();
  }

  void AddAccount(uint32_t top, uint32_t root) {
    const Interval& time = forest_.times[top];
    Account account{.root = root,
                    .start_ns = time.start_ns,
                    .end_ns = time.end_ns,
                    .first_segment = static_cast<uint32_t>(ledger_.segments.size())};
    if (const uint64_t sent = SentAt(top); sent < time.start_ns) {
      account.start_ns = sent;
      ledger_.segments.push_back(
          {.start_ns = sent, .end_ns = time.start_ns, .span = top, .category = Category::kWait});
    }
    const size_t first = ledger_.segments.size();
    const size_t first_limit = ledger_.limits.size();
    Walk(forest_, ledger_.limits)
        .Run(top,
             [&](const std::vector<WalkFrame>& frames, uint64_t start, uint64_t end, bool between) {
               ledger_.segments.push_back(SegmentOf(frames, {start, end}, between));
             });
    std::reverse(ledger_.segments.begin() + static_cast<ptrdiff_t>(first), ledger_.segments.end());
    for (size_t i = first_limit; i < ledger_.limits.size(); ++i) {
      ledger_.limits[i].rival = SpanOf(ledger_.limits[i].rival);
    }
    account.segment_count = static_cast<uint32_t>(ledger_.segments.size()) - account.first_segment;
    ledger_.accounts.push_back(account);
  }

  // When what a detached span follows had ended; its start if that is not known.
  uint64_t SentAt(uint32_t top) const {
    if (top >= span_count() || family_.parents[top] == kNone) return UINT64_MAX;
    return forest_.times[family_.parents[top]].end_ns;
  }

  Segment SegmentOf(const std::vector<WalkFrame>& frames, Interval time, bool between) const {
    const WalkFrame& frame = frames.back();
    Segment segment{.start_ns = time.start_ns,
                    .end_ns = time.end_ns,
                    .span = SpanOf(frame.node),
                    .parallel_with = SpanOf(frame.parallel_with),
                    .limit = frame.limit,
                    .category = CategoryOf(frame.node)};
    if (segment.category == Category::kNetwork) segment.server = servers_[frame.node];
    const bool serves_nobody =
        frame.node < span_count() && (trace_.spans[frame.node].kind == SpanKind::kInternal ||
                                      trace_.spans[frame.node].kind == SpanKind::kUnspecified);
    if (between && frames.size() == 1 && frame.node == root_ && serves_nobody) {
      segment.category = Category::kIdle;
    }
    return segment;
  }

  Category CategoryOf(uint32_t node) const {
    if (node >= span_count()) return Category::kMissing;
    const Span& span = trace_.spans[node];
    if (span.kind == SpanKind::kClient) {
      return servers_[node] == kNone ? Category::kCallee : Category::kNetwork;
    }
    const bool sends = span.kind == SpanKind::kProducer && span.peer != Names::kEmpty;
    return sends ? Category::kCallee : Category::kSelf;
  }

  void FindStrays() {
    for (uint32_t span = 0; span < span_count(); ++span) {
      if (forest_.parents[span] == kNone) continue;
      const Interval& time = forest_.times[span];
      const Interval& part = forest_.parts[span];
      const bool outside = time.empty() ? IsPointOutside(span) : part.empty();
      const bool clipped =
          !time.empty() && !(part.start_ns == time.start_ns && part.end_ns == time.end_ns);
      if (outside || clipped)
        ledger_.strays.push_back(
            {.span = span, .outside = outside, .lost_ns = time.nanos() - part.nanos()});
    }
  }

  bool IsPointOutside(uint32_t span) const {
    const uint32_t parent = forest_.parents[span];
    const uint64_t at = forest_.times[span].start_ns;
    const Interval& part = forest_.parts[parent];
    const Interval& around = part.empty() ? forest_.times[parent] : part;
    return (part.empty() && !around.empty()) || at < around.start_ns || at > around.end_ns;
  }

  void CountMissing() {
    std::vector<uint32_t> numbers;
    for (uint32_t span = 0; span < span_count(); ++span) {
      const Span& self = trace_.spans[span];
      if (self.parent != kNone) continue;
      if (self.missing_parent != kNone) {
        numbers.push_back(self.missing_parent);
      } else if (span != family_.root) {
        ++ledger_.other_roots;
      }
    }
    std::ranges::sort(numbers);
    ledger_.orphans = static_cast<uint32_t>(numbers.size());
    numbers.erase(std::ranges::unique(numbers).begin(), numbers.end());
    ledger_.missing_parents = static_cast<uint32_t>(numbers.size());
  }

  const Trace& trace_;
  const Family family_;
  const std::vector<uint32_t> servers_;
  Forest forest_;
  uint32_t root_ = kNone;           // a node
  uint32_t first_missing_ = kNone;  // likewise
  TraceLedger ledger_;
};

}  // namespace

TraceLedger BuildLedger(const Trace& trace, const LedgerOptions& options) {
  CHECK(trace.spans.size() < kNone / 2);
  return Builder(trace, options).Build();
}

Owner OwnerOf(const Trace& trace, const Segment& segment) {
  const Span& span = trace.spans[segment.span];
  Owner owner{.service = span.service,
              .operation = span.operation,
              .group = span.group,
              .category = segment.category};
  if (segment.category == Category::kNetwork) {
    const Span& server = trace.spans[segment.server];
    owner.service = server.service;
    owner.operation = server.operation;
    owner.peer = span.service;
  } else if (segment.category == Category::kCallee) {
    owner.peer = span.peer;
  } else if (segment.category == Category::kMissing) {
    owner.service = owner.operation = owner.group = Names::kEmpty;
  }
  return owner;
}

}  // namespace clew::ledger
