// SPDX-License-Identifier: Apache-2.0
// Of a parent that was not received it is known that it ran while its children did, and that it
// is somewhere below the root. Where is told by time: it is put below the span that the moment it
// begins would belong to, or the first one above that which runs as long as it does.
//
//   root      |===============================|
//   A           |-------------------------|
//   B                |----------------|              B is the deepest around all of M
//   (M)                |. . . . . .|
//   orphans            |---|   |---|
//
// One missing parent may be below another, so those around others go first; a round costs a walk,
// and what is left after a few rounds is placed as if all rounds were over.
#include "ledger/missing.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

#include "ledger/walk.h"

namespace clew::ledger {
namespace {

constexpr int kMostRounds = 8;

class Placement {
 public:
  Placement(std::span<const MissingParent> missing, uint32_t root, std::span<const uint32_t> tops,
            Forest& forest)
      : root_(root), tops_(tops), forest_(forest), left_(missing.size()) {
    first_ = static_cast<uint32_t>(forest.times.size());
    for (const MissingParent& parent : missing) AddNode(parent);
    std::iota(left_.begin(), left_.end(), first_);
    std::ranges::sort(left_, {}, [&](uint32_t node) {
      const Interval& time = forest_.times[node];
      return std::tuple(time.start_ns, UINT64_MAX - time.end_ns, node);
    });
  }

  void Run() {
    for (int round = 1; !left_.empty(); ++round) {
      Place(round < kMostRounds ? TakeOutermost() : std::exchange(left_, {}));
      ClipTopDown(forest_, tops_);
    }
  }

 private:
  // Its time is what its children have of the root's, from the first to the last.
  void AddNode(const MissingParent& parent) {
    const auto node = static_cast<uint32_t>(forest_.times.size());
    Interval hull{UINT64_MAX, 0};
    for (const uint32_t child : parent.children) {
      forest_.parents[child] = node;
      const Interval part = forest_.times[child].ClippedTo(forest_.parts[root_]);
      if (part.empty()) continue;
      hull = {std::min(hull.start_ns, part.start_ns), std::max(hull.end_ns, part.end_ns)};
    }
    forest_.times.push_back(hull.empty() ? Interval() : hull);
    forest_.parents.push_back(root_);
  }

  // Those that no other one left is around.
  std::vector<uint32_t> TakeOutermost() {
    std::vector<uint32_t> taken, kept;
    uint64_t end = 0;
    for (const uint32_t node : left_) {
      const Interval& time = forest_.times[node];
      const bool inside = time.end_ns <= end && !time.empty();
      (inside ? kept : taken).push_back(node);
      end = std::max(end, time.end_ns);
    }
    left_ = std::move(kept);
    return taken;
  }

  // `nodes` are by start.
  void Place(const std::vector<uint32_t>& nodes) {
    for (const uint32_t node : left_) forest_.parents[node] = kNone;
    size_t next = nodes.size();
    std::vector<Limit> unused;
    Walk(forest_, unused)
        .Run(root_, [&](const std::vector<WalkFrame>& frames, uint64_t start, uint64_t, bool) {
          for (; next > 0 && forest_.times[nodes[next - 1]].start_ns >= start; --next) {
            const Interval& time = forest_.times[nodes[next - 1]];
            if (!time.empty()) forest_.parents[nodes[next - 1]] = DeepestAround(frames, time);
          }
        });
  }

  // The frames' parts lie in each other, so those that end late enough come first.
  uint32_t DeepestAround(const std::vector<WalkFrame>& frames, const Interval& time) const {
    const auto end = std::ranges::partition_point(frames, [&](const WalkFrame& frame) {
      return forest_.parts[frame.node].end_ns >= time.end_ns;
    });
    return std::prev(end)->node;
  }

  const uint32_t root_;
  const std::span<const uint32_t> tops_;
  Forest& forest_;
  uint32_t first_ = 0;
  std::vector<uint32_t> left_;  // not placed yet, by start
};

}  // namespace

void PlaceMissingParents(std::span<const MissingParent> missing, uint32_t root,
                         std::span<const uint32_t> tops, Forest& forest) {
  if (!missing.empty()) Placement(missing, root, tops, forest).Run();
}

}  // namespace clew::ledger
