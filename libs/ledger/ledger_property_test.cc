// SPDX-License-Identifier: Apache-2.0
// What holds for every trace, and an evaluator that knows nothing of walks and orders: it asks of
// each single instant who owns it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/test_effort.h"
#include "ledger/family.h"
#include "ledger/label.h"
#include "ledger/ledger.h"
#include "ledger/random_trace_fixture.h"

namespace clew::ledger {
namespace {

using model::SpanKind;

uint64_t Rounds() {
  return base::TestRounds(100'000, 1'000'000);
}

// Asks each instant. A node is a span, or a parent that is missing.
class InstantEvaluator {
 public:
  explicit InstantEvaluator(const Trace& trace) : trace_(trace) {
    for (uint32_t i = 0; i < trace.spans.size(); ++i) {
      nodes_.push_back({.start = trace.spans[i].start_ns,
                        .end = std::max(trace.spans[i].start_ns, trace.spans[i].end_ns),
                        .span = i});
    }
    for (uint32_t i = 0; i < trace.spans.size(); ++i) {
      if (HasParent(i)) nodes_[i].parent = static_cast<int>(trace.spans[i].parent);
    }
    CutCircles();
    ChooseRoot();
    if (root_ >= 0) PlaceMissing();
  }

  uint64_t start() const { return nodes_[static_cast<size_t>(root_)].start; }
  uint64_t end() const { return nodes_[static_cast<size_t>(root_)].end; }

  struct Answer {
    uint32_t span;
    bool missing;
    bool operator==(const Answer&) const = default;
  };
  Answer OwnerAt(uint64_t instant) const {
    const Node& node = nodes_[static_cast<size_t>(ChainAt(instant).back())];
    return {node.span, node.missing};
  }

 private:
  struct Node {
    uint64_t start, end;
    uint32_t span;
    bool missing = false;
    int parent = -1;
    bool waited_for = true;
    bool placed = true;
  };
  struct Part {
    uint64_t start, end;
  };

  bool HasParent(uint32_t i) const {
    return trace_.spans[i].parent < trace_.spans.size() && trace_.spans[i].parent != i;
  }

  void CutCircles() {
    for (int i = 0; i < static_cast<int>(nodes_.size()); ++i) {
      std::vector<int> way;
      int at = i;
      while (at >= 0 && std::ranges::find(way, at) == way.end()) {
        way.push_back(at);
        at = nodes_[static_cast<size_t>(at)].parent;
      }
      if (at != i) continue;  // not in a circle itself
      const int first = *std::ranges::min_element(
          way, {}, [&](int n) { return std::pair(nodes_[static_cast<size_t>(n)].start, n); });
      nodes_[static_cast<size_t>(first)].parent = -1;
    }
  }

  bool IsWaitedFor(size_t i) const {
    const Span& span = trace_.spans[i];
    const int parent = nodes_[i].parent;
    const bool orphan = span.parent == kNone && span.missing_parent != kNone;
    if (parent < 0 && !orphan) return true;
    const bool sent =
        parent < 0 || trace_.spans[static_cast<size_t>(parent)].kind == SpanKind::kProducer;
    return !span.follows && !(span.kind == SpanKind::kConsumer && sent);
  }

  void ChooseRoot() {
    std::vector<int> tops, detached;
    for (int i = 0; i < static_cast<int>(nodes_.size()); ++i) {
      Node& node = nodes_[static_cast<size_t>(i)];
      node.waited_for = IsWaitedFor(static_cast<size_t>(i));
      if (node.parent < 0) (node.waited_for ? tops : detached).push_back(i);
    }
    const auto by_start = [&](int n) { return std::pair(nodes_[static_cast<size_t>(n)].start, n); };
    std::ranges::sort(tops, {}, by_start);
    std::ranges::sort(detached, {}, by_start);
    if (tops.empty()) tops.assign(detached.begin(), detached.begin() + 1);
    root_ = RootAmong(tops);
    nodes_[static_cast<size_t>(root_)].waited_for = true;
    std::ranges::copy_if(tops, std::back_inserter(orphans_), [&](int top) { return top != root_; });
  }

  // `tops` are by start. May add a node.
  int RootAmong(const std::vector<int>& tops) {
    uint64_t last = 0;
    for (const int top : tops) {
      const Span& span = trace_.spans[static_cast<size_t>(top)];
      if (span.parent == kNone && span.missing_parent == kNone) return top;
      last = std::max(last, nodes_[static_cast<size_t>(top)].end);
    }
    const Node& first = nodes_[static_cast<size_t>(tops.front())];
    if (first.end == last) return tops.front();
    nodes_.push_back({.start = first.start, .end = last, .span = first.span, .missing = true});
    return static_cast<int>(nodes_.size()) - 1;
  }

  // The part of a node that counts; nullopt where none does.
  std::optional<Part> PartOf(int node) const {
    const Node& self = nodes_[static_cast<size_t>(node)];
    Part part{self.start, self.end};
    if (node != root_) {
      if (self.parent < 0 || !self.waited_for || !self.placed) return std::nullopt;
      const std::optional<Part> outer = PartOf(self.parent);
      if (!outer) return std::nullopt;
      part = {std::max(part.start, outer->start), std::min(part.end, outer->end)};
    }
    if (part.start >= part.end) return std::nullopt;
    return part;
  }

  // From the root to the owner of an instant.
  std::vector<int> ChainAt(uint64_t instant) const {
    std::vector<int> chain = {root_};
    while (true) {
      int best = -1;
      std::tuple<uint64_t, bool, uint64_t, int> best_rank;
      for (int i = 0; i < static_cast<int>(nodes_.size()); ++i) {
        const Node& node = nodes_[static_cast<size_t>(i)];
        if (i == root_ || node.parent != chain.back()) continue;
        const std::optional<Part> part = PartOf(i);
        if (!part || part->start > instant || part->end <= instant) continue;
        const std::tuple rank(UINT64_MAX - part->end, node.end > part->end, part->start, i);
        if (best < 0 || rank < best_rank) best = i, best_rank = rank;
      }
      if (best < 0) return chain;
      chain.push_back(best);
    }
  }

  // Outermost first, each under the deepest of the chain at its start that runs as long.
  void PlaceMissing() {
    std::vector<int> left;
    while (!orphans_.empty()) left.push_back(TakeMissing());
    while (!left.empty()) {
      std::vector<int> outer;
      for (size_t i = 0; i < left.size(); ++i) {
        if (!IsInsideAnother(left, i)) outer.push_back(left[i]);
      }
      std::vector<int> parents;
      parents.reserve(outer.size());
      for (const int node : outer) parents.push_back(ParentFor(nodes_[static_cast<size_t>(node)]));
      for (size_t i = 0; i < outer.size(); ++i) {
        nodes_[static_cast<size_t>(outer[i])].parent = parents[i];
        nodes_[static_cast<size_t>(outer[i])].placed = true;
        std::erase(left, outer[i]);
      }
    }
  }

  bool IsInsideAnother(const std::vector<int>& nodes, size_t place) const {
    const Node& self = nodes_[static_cast<size_t>(nodes[place])];
    for (size_t i = 0; i < nodes.size(); ++i) {
      const Node& other = nodes_[static_cast<size_t>(nodes[i])];
      const bool around = other.start <= self.start && other.end >= self.end;
      const bool same = other.start == self.start && other.end == self.end;
      if (i != place && around && (!same || i < place) && self.start < self.end) return true;
    }
    return false;
  }

  int TakeMissing() {
    const Span& first = trace_.spans[nodes_[static_cast<size_t>(orphans_.front())].span];
    const bool named = first.parent == kNone && first.missing_parent != kNone;
    std::vector<int> group;
    for (const int orphan : orphans_) {
      const Span& span = trace_.spans[static_cast<size_t>(orphan)];
      const bool same =
          named && span.parent == kNone && span.missing_parent == first.missing_parent;
      if (same || orphan == orphans_.front()) group.push_back(orphan);
    }
    const int node = static_cast<int>(nodes_.size());
    Node missing{.start = UINT64_MAX,
                 .end = 0,
                 .span = static_cast<uint32_t>(group.front()),
                 .missing = true,
                 .parent = root_,
                 .placed = false};
    for (const int orphan : group) {
      nodes_[static_cast<size_t>(orphan)].parent = node;
      const uint64_t from = std::max(nodes_[static_cast<size_t>(orphan)].start, start());
      const uint64_t until = std::min(nodes_[static_cast<size_t>(orphan)].end, end());
      if (from < until) {
        missing.start = std::min(missing.start, from);
        missing.end = std::max(missing.end, until);
      }
      std::erase(orphans_, orphan);
    }
    if (missing.start >= missing.end) missing.start = missing.end = 0;
    nodes_.push_back(missing);
    return node;
  }

  int ParentFor(const Node& missing) const {
    if (missing.start >= missing.end) return root_;
    int parent = root_;
    for (const int node : ChainAt(missing.start)) {
      if (PartOf(node)->end >= missing.end) parent = node;
    }
    return parent;
  }

  const Trace& trace_;
  std::vector<Node> nodes_;
  std::vector<int> orphans_;  // by start
  int root_ = -1;
};

// What follows says nothing of shapes that never come.
TEST(LedgerProperties, RandomTracesHaveEveryShape) {
  std::set<std::string> shapes;
  for (uint64_t seed = 0; seed < 1000; ++seed) {
    const TraceLedger ledger = BuildLedger(RandomTrace(seed));
    const auto add = [&](bool has, std::string shape) {
      if (has) shapes.insert(std::move(shape));
    };
    for (const Segment& segment : ledger.segments) {
      add(true, std::string(NameOf(segment.category)));
      add(segment.ambiguous(), "ambiguous");
      add(segment.limit != kNone, "limited");
    }
    add(ledger.accounts[0].root == kNone, "no root");
    add(ledger.accounts[0].nanos() == 0, "no length");
    add(ledger.accounts.size() > 1, "detached");
    add(ledger.orphans > ledger.missing_parents, "shared missing parent");
    add(ledger.other_roots > 0, "other roots");
    add(!ledger.skewed.empty(), "skewed");
    add(std::ranges::any_of(ledger.strays, &Stray::outside), "outside");
    add(!std::ranges::all_of(ledger.strays, &Stray::outside), "clipped");
  }
  EXPECT_THAT(shapes, testing::UnorderedElementsAre(
                          "self", "network", "callee", "wait", "idle", "missing", "ambiguous",
                          "limited", "no root", "no length", "detached", "shared missing parent",
                          "other roots", "skewed", "outside", "clipped"));
}

// The segments of an account follow on each other, from its start to its end.
void ExpectWhole(const TraceLedger& ledger, const Account& account) {
  uint64_t at = account.start_ns, sum = 0;
  for (const Segment& segment : ledger.SegmentsOf(account)) {
    ASSERT_EQ(segment.start_ns, at);
    ASSERT_LT(segment.start_ns, segment.end_ns);
    at = segment.end_ns;
    sum += segment.nanos();
  }
  ASSERT_EQ(at, account.end_ns);
  ASSERT_EQ(sum, account.nanos());
}

TEST(LedgerProperties, EveryAccountAddsUpWithoutGaps) {
  for (uint64_t seed = 0; seed < Rounds() && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    const Trace trace = RandomTrace(seed);
    const TraceLedger ledger = BuildLedger(trace);
    ASSERT_FALSE(ledger.accounts.empty());
    for (const Account& account : ledger.accounts) ExpectWhole(ledger, account);
    const uint32_t root = ledger.accounts[0].root;
    if (root == kNone) continue;
    const Span& span = trace.spans[root];
    ASSERT_EQ(ledger.accounts[0].nanos(), std::max(span.start_ns, span.end_ns) - span.start_ns);
  }
}

TEST(LedgerProperties, AgreesWithAskingEveryInstant) {
  for (uint64_t seed = 0; seed < Rounds() / 5 && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    const Trace trace = RandomTrace(seed);
    const TraceLedger ledger = BuildLedger(trace);
    const InstantEvaluator expected(trace);
    const Account& account = ledger.accounts[0];
    ASSERT_EQ(account.start_ns, expected.start());
    ASSERT_EQ(account.end_ns, expected.end());
    for (const Segment& segment : ledger.SegmentsOf(account)) {
      for (uint64_t at = segment.start_ns; at < segment.end_ns; ++at) {
        ASSERT_EQ(expected.OwnerAt(at),
                  (InstantEvaluator::Answer{segment.span, segment.category == Category::kMissing}))
            << at;
      }
    }
  }
}

// Whose time it is, without what bounds the saving.
std::vector<std::tuple<uint64_t, uint64_t, uint32_t, Category>> PathOf(const TraceLedger& ledger) {
  std::vector<std::tuple<uint64_t, uint64_t, uint32_t, Category>> path;
  for (const Segment& segment : ledger.SegmentsOf(ledger.accounts[0])) {
    path.emplace_back(segment.start_ns, segment.end_ns, segment.span, segment.category);
  }
  return path;
}

// By its own way: how far each span moves is added up from the root down, over and over.
Trace WithSkewCorrected(Trace trace, const std::vector<uint32_t>& skewed) {
  const std::vector<uint32_t> parents = ParentsOf(trace);
  const auto length = [](const Span& span) {
    return static_cast<int64_t>(std::max(span.start_ns, span.end_ns) - span.start_ns);
  };
  const auto shift_of = [&](uint32_t server) {
    const Span &client = trace.spans[parents[server]], &span = trace.spans[server];
    const int64_t spare = std::max<int64_t>(0, length(client) - length(span));
    return static_cast<int64_t>(client.start_ns - span.start_ns) + spare / 2;
  };
  std::vector<int64_t> shifts(trace.spans.size());
  for (uint32_t span = 0; span < shifts.size(); ++span) {
    for (uint32_t at = span; at != kNone; at = parents[at]) {
      if (std::ranges::count(skewed, at) > 0) shifts[span] += shift_of(at);
    }
  }
  for (uint32_t i = 0; i < shifts.size(); ++i) {
    Span& span = trace.spans[i];
    const int64_t nanos = length(span);
    span.start_ns += static_cast<uint64_t>(shifts[i]);
    span.end_ns = span.start_ns + static_cast<uint64_t>(nanos);
  }
  return trace;
}

TEST(LedgerProperties, WithSkewCorrectedItIsThatOfTheTraceThatWasMoved) {
  uint64_t skewed = 0;
  for (uint64_t seed = 0; seed < Rounds() && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    Trace trace = RandomTrace(seed);
    // Where a circle is cut depends on times, and none shall be moved to before 0.
    const std::vector<uint32_t> parents = ParentsOf(trace);
    for (uint32_t i = 0; i < parents.size(); ++i) {
      Span& span = trace.spans[i];
      span.parent = parents[i];
      span.start_ns += 1'000'000;
      span.end_ns += 1'000'000;
    }
    const TraceLedger ledger = BuildLedger(trace, {.correct_skew = true});
    for (const Account& account : ledger.accounts) ExpectWhole(ledger, account);
    if (ledger.skewed.empty()) continue;
    ASSERT_EQ(PathOf(ledger), PathOf(BuildLedger(WithSkewCorrected(trace, ledger.skewed))));
    ++skewed;
  }
  EXPECT_GT(skewed, Rounds() / 100);
}

// The spans that are on the path, or above one that is.
std::set<uint32_t> OnPath(const Trace& trace, const TraceLedger& ledger) {
  std::set<uint32_t> on_path;
  for (const Segment& segment : ledger.segments) {
    uint32_t at = segment.span;
    while (at < trace.spans.size() && on_path.insert(at).second) at = trace.spans[at].parent;
  }
  return on_path;
}

TEST(LedgerProperties, MovingASpanOffThePathChangesNothing) {
  uint64_t moved = 0;
  for (uint64_t seed = 0; seed < Rounds(); ++seed) {
    Trace trace = RandomTrace(seed);
    const TraceLedger before = BuildLedger(trace);
    // Where a missing parent goes depends on all its children.
    if (std::ranges::count(ParentsOf(trace), kNone) > 1) continue;
    std::set<uint32_t> on_path = OnPath(trace, before);
    for (const Stray& stray : before.strays) on_path.insert(stray.span);  // it might fit then
    for (uint32_t i = 0; i < trace.spans.size(); ++i) {
      Span& span = trace.spans[i];
      const bool leaves =
          on_path.contains(i) || span.parent >= trace.spans.size() || span.end_ns <= span.start_ns;
      if (leaves) continue;
      // To where it runs while another one does that finishes later: within what it had.
      span.start_ns += (span.end_ns - span.start_ns) / 3;
      span.end_ns -= (span.end_ns - span.start_ns) / 2;
      ASSERT_EQ(PathOf(BuildLedger(trace)), PathOf(before)) << "seed " << seed << " span " << i;
      ++moved;
      break;
    }
  }
  EXPECT_GT(moved, Rounds() / 50);
}

// A sibling that owns some of the path, is longer, lies in all above it and so finishes later than
// a span that starts with it.
const Span* LongerSibling(const Trace& trace, const TraceLedger& ledger,
                          const std::set<uint32_t>& owners, uint32_t span) {
  const auto nanos = [&](uint32_t at) {
    return trace.spans[at].end_ns - std::min(trace.spans[at].end_ns, trace.spans[at].start_ns);
  };
  for (uint32_t other = 0; other < trace.spans.size(); ++other) {
    const bool fits =
        owners.contains(other) && trace.spans[other].parent == trace.spans[span].parent &&
        nanos(other) > nanos(span) && std::ranges::count(ledger.strays, other, &Stray::span) == 0;
    if (fits) return &trace.spans[other];
  }
  return nullptr;
}

TEST(LedgerProperties, MovingASpanBesideALongerOneChangesNothing) {
  uint64_t moved = 0;
  for (uint64_t seed = 0; seed < Rounds(); ++seed) {
    Trace trace = RandomTrace(seed);
    const TraceLedger before = BuildLedger(trace);
    if (std::ranges::count(ParentsOf(trace), kNone) > 1) continue;
    const std::set<uint32_t> on_path = OnPath(trace, before);
    std::set<uint32_t> owners;
    for (const Segment& segment : before.SegmentsOf(before.accounts[0])) {
      owners.insert(segment.span);
    }
    for (uint32_t i = 0; i < trace.spans.size(); ++i) {
      Span& span = trace.spans[i];
      if (on_path.contains(i) || span.parent >= trace.spans.size()) continue;
      if (span.end_ns <= span.start_ns) continue;
      const Span* longer = LongerSibling(trace, before, owners, i);
      if (longer == nullptr || longer->start_ns == span.start_ns) continue;
      span.end_ns = longer->start_ns + (span.end_ns - span.start_ns);
      span.start_ns = longer->start_ns;
      ASSERT_EQ(PathOf(BuildLedger(trace)), PathOf(before)) << "seed " << seed << " span " << i;
      ++moved;
      break;
    }
  }
  EXPECT_GT(moved, Rounds() / 50);
}

TEST(LedgerProperties, ManyEqualSpansAndADeepChainEndInTime) {
  Trace chain, fan;
  constexpr uint32_t kCount = 200'000;
  for (uint32_t i = 0; i < kCount; ++i) {
    chain.spans.push_back({.start_ns = i, .end_ns = 2 * kCount - i, .parent = i - 1});
    fan.spans.push_back({.start_ns = 0, .end_ns = 10, .parent = i == 0 ? kNone : 0});
  }
  EXPECT_EQ(BuildLedger(chain).segments.size(), 2 * kCount - 1);
  EXPECT_EQ(BuildLedger(fan).segments.size(), 1u);
}

}  // namespace
}  // namespace clew::ledger
