// SPDX-License-Identifier: Apache-2.0
#include "store/span_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <random>
#include <string>
#include <tuple>

using testing::ElementsAre;
using testing::IsEmpty;

namespace clew::store {

// Shown by failed tests.
void PrintTo(const TreeNode& node, std::ostream* out) {
  *out << "{span " << node.span << ", parent " << static_cast<int>(node.parent) << ", depth "
       << node.depth << ", size " << node.subtree_size << "}";
}

namespace {

using model::SpanKind;

constexpr uint32_t kNone = TreeNode::kNoParent;

TreeSpan Span(uint8_t id, uint8_t parent, int64_t start = 0,
              SpanKind kind = SpanKind::kUnspecified) {
  TreeSpan span{.span_id = {}, .parent_span_id = {}, .start_unix_nano = start, .kind = kind};
  span.span_id.bytes[7] = id;
  span.parent_span_id.bytes[7] = parent;
  return span;
}

// The tree as text: each span by its index, its children in parentheses.
std::string Draw(const std::vector<TreeSpan>& spans) {
  std::string text;
  uint32_t depth = 0;
  for (const TreeNode& node : BuildSpanTree(spans)) {
    for (; depth > node.depth; --depth) text += ')';
    if (node.depth > depth) {
      text += '(';
      ++depth;
    } else if (!text.empty()) {
      text += ' ';
    }
    text += std::to_string(node.span);
  }
  return text + std::string(depth, ')');
}

TEST(SpanTree, IsPreorderWithDepthsAndSubtreeSizes) {
  const std::vector<TreeSpan> spans = {Span(3, 2, 30), Span(1, 0, 10), Span(4, 1, 40),
                                       Span(2, 1, 20)};
  EXPECT_THAT(BuildSpanTree(spans), ElementsAre(TreeNode{1, kNone, 0, 4}, TreeNode{3, 0, 1, 2},
                                                TreeNode{0, 1, 2, 1}, TreeNode{2, 0, 1, 1}));
}

TEST(SpanTree, OfNoSpansIsEmpty) {
  EXPECT_THAT(BuildSpanTree({}), IsEmpty());
}

TEST(SpanTree, SiblingsComeByStartThenId) {
  EXPECT_EQ(Draw({Span(1, 0), Span(4, 1, 7), Span(3, 1, 7), Span(2, 1, 9)}), "0(2 1 3)");
}

TEST(SpanTree, AnOrphanIsARootOfItsOwnPiece) {
  EXPECT_EQ(Draw({Span(1, 0, 10), Span(2, 9, 5), Span(3, 2, 6)}), "1(2) 0");
}

TEST(SpanTree, ASpanIsNotItsOwnParent) {
  EXPECT_EQ(Draw({Span(1, 1), Span(2, 1)}), "0(1)");
}

TEST(SpanTree, OfSpansThatShareAnIdTheServerIsTheParent) {
  EXPECT_EQ(Draw({Span(1, 0, 10), Span(1, 0, 20, SpanKind::kServer), Span(2, 1, 30)}), "0 1(2)");
}

TEST(SpanTree, OfServersThatShareAnIdTheEarliestIsTheParent) {
  EXPECT_EQ(
      Draw({Span(1, 0, 20, SpanKind::kServer), Span(1, 0, 10, SpanKind::kServer), Span(2, 1, 30)}),
      "1(2) 0");
}

TEST(SpanTree, OfSpansThatDifferInNothingElseTheFirstIsTheParent) {
  EXPECT_EQ(Draw({Span(1, 0, 10), Span(1, 0, 10), Span(2, 1, 20)}), "0(2) 1");
}

TEST(SpanTree, AServersClientTwinIsItsParent) {
  EXPECT_EQ(Draw({Span(1, 0, 0), Span(2, 1, 12, SpanKind::kServer),
                  Span(2, 1, 10, SpanKind::kClient), Span(3, 2, 20)}),
            "0(2(1(3)))");
}

TEST(SpanTree, AServerWithoutAParentIdStillHangsUnderItsTwin) {
  EXPECT_EQ(Draw({Span(2, 0, 12, SpanKind::kServer), Span(2, 1, 10, SpanKind::kClient)}), "1(0)");
}

TEST(SpanTree, AClientWithTheIdItNamesHangsUnderTheOther) {
  EXPECT_EQ(Draw({Span(1, 1, 10), Span(1, 0, 20)}), "1(0)");
}

TEST(SpanTree, ACircleIsCutAtItsEarliestStart) {
  EXPECT_EQ(Draw({Span(1, 3, 30), Span(2, 1, 10), Span(3, 2, 20), Span(4, 1, 40)}), "1(2(0(3)))");
}

TEST(SpanTree, ACircleOfEqualStartsIsCutAtItsSmallestId) {
  EXPECT_EQ(Draw({Span(2, 1), Span(1, 2)}), "1(0)");
}

TEST(SpanTree, TwoSpansThatNameTheirSharedIdAreACircle) {
  EXPECT_EQ(Draw({Span(1, 1, 20), Span(1, 1, 10)}), "1(0)");
}

TEST(SpanTree, IsAsDeepAsTheTrace) {
  constexpr uint32_t kSpans = 200'000;
  std::vector<TreeSpan> spans(kSpans);
  for (uint32_t i = 0; i < kSpans; ++i) {
    for (uint32_t byte = 0; byte < 4; ++byte) {
      spans[i].span_id.bytes[4 + byte] = static_cast<uint8_t>((i + 1) >> (24 - 8 * byte));
      spans[i].parent_span_id.bytes[4 + byte] = static_cast<uint8_t>(i >> (24 - 8 * byte));
    }
  }
  const SpanTree tree = BuildSpanTree(spans);
  EXPECT_EQ(tree.back(), (TreeNode{kSpans - 1, kSpans - 2, kSpans - 1, 1}));
  EXPECT_EQ(tree.front().subtree_size, kSpans);
}

// Finishes soon only when the cost of a shared id is not its square.
TEST(SpanTree, TakesManySpansOfOneId) {
  const std::vector<TreeSpan> spans(200'000, Span(1, 1, 0, SpanKind::kServer));
  EXPECT_EQ(BuildSpanTree(spans).size(), 200'000u);
}

// --- The rule as it is written, without any index ------------------------------

class NaiveTree {
 public:
  explicit NaiveTree(const std::vector<TreeSpan>& spans) : spans_(spans) {
    for (uint32_t i = 0; i < spans.size(); ++i) parents_.push_back(Parent(i));
    const std::vector<uint32_t> uncut = parents_;
    for (uint32_t i = 0; i < spans.size(); ++i) {
      if (IsFirstOfCircle(uncut, i)) parents_[i] = kNone;
    }
  }

  SpanTree Build() {
    Place(kNone, kNone, 0);
    return tree_;
  }

 private:
  uint32_t Parent(uint32_t index) const {
    std::vector<uint32_t> twins;
    std::vector<uint32_t> named;
    for (uint32_t i = 0; i < spans_.size(); ++i) {
      if (i == index) continue;
      if (spans_[i].span_id == spans_[index].parent_span_id) named.push_back(i);
      if (spans_[index].kind == SpanKind::kServer && spans_[i].kind == SpanKind::kClient &&
          spans_[i].span_id == spans_[index].span_id) {
        twins.push_back(i);
      }
    }
    const auto rank = [&](uint32_t i) {
      return std::tuple(spans_[i].kind != SpanKind::kServer, spans_[i].start_unix_nano, i);
    };
    if (!twins.empty()) return std::ranges::min(twins, {}, rank);
    if (named.empty() || !spans_[index].parent_span_id.IsValid()) return kNone;
    return std::ranges::min(named, {}, rank);
  }

  auto Order(uint32_t index) const {
    return std::tuple(spans_[index].start_unix_nano, spans_[index].span_id, index);
  }

  bool IsFirstOfCircle(const std::vector<uint32_t>& parents, uint32_t index) const {
    uint32_t at = parents[index];
    bool first = true;
    for (size_t steps = 0; steps < spans_.size() && at != kNone && at != index; ++steps) {
      first = first && Order(index) < Order(at);
      at = parents[at];
    }
    return at == index && first;
  }

  uint32_t Place(uint32_t parent, uint32_t node, uint32_t depth) {
    std::vector<uint32_t> children;
    for (uint32_t i = 0; i < spans_.size(); ++i) {
      if (parents_[i] == parent) children.push_back(i);
    }
    std::ranges::sort(children, {}, [&](uint32_t i) { return Order(i); });
    uint32_t size = 0;
    for (const uint32_t child : children) {
      const size_t place = tree_.size();
      tree_.push_back({child, node, depth, 1});
      tree_[place].subtree_size += Place(child, static_cast<uint32_t>(place), depth + 1);
      size += tree_[place].subtree_size;
    }
    return size;
  }

  const std::vector<TreeSpan>& spans_;
  std::vector<uint32_t> parents_;
  SpanTree tree_;
};

TEST(SpanTree, AgreesWithTheNaiveTree) {
  std::mt19937 random(11);
  const auto pick = [&](uint32_t count) { return static_cast<uint8_t>(random() % count); };
  for (int round = 0; round < 20'000; ++round) {
    // Few ids make twins and circles, many make trees.
    const uint32_t ids = 2 + pick(12);
    std::vector<TreeSpan> spans(pick(14));
    for (TreeSpan& span : spans) {
      span = Span(static_cast<uint8_t>(1 + pick(ids)), pick(ids), pick(4),
                  static_cast<SpanKind>(pick(6)));
    }
    ASSERT_EQ(BuildSpanTree(spans), NaiveTree(spans).Build()) << "round " << round;
  }
}

}  // namespace
}  // namespace clew::store
