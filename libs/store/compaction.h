// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "store/catalog_state.h"
#include "store/keep_rule.h"

// Which blocks to merge and which to drop. Pure functions of the catalog and the time.
namespace clew::store {

// Windows and ages are of the time of receipt: span times lie. Blocks of different
// windows are never merged, so what is old can be dropped as a whole.
inline constexpr int64_t kWindowNanos = int64_t{3600} * 1'000'000'000;
// A window is over when nothing can be flushed into it any more.
inline constexpr int64_t kWindowGraceNanos = int64_t{120} * 1'000'000'000;

struct CompactionLimits {
  size_t fan_in = 8;       // flushed blocks of a window are merged when there are so many
  size_t max_fan_in = 32;  // at most so many at a time
  uint64_t max_spans = 10'000'000;
  uint64_t max_bytes = uint64_t{512} << 20;
  // Of the flushed blocks of a tenant that wait for a merge that is due: with more than the
  // first merges take no rest, with more than the second the tenant's spans are refused.
  size_t urgent_unmerged = 16;
  size_t max_unmerged = 64;
};

// How long merging rests after work that took so long: at most a third of a core goes to it. With
// nothing left to do it rests until the next look around.
std::chrono::nanoseconds RestAfter(std::chrono::nanoseconds work, bool is_done,
                                   std::chrono::nanoseconds idle_look);

using BlockIds = std::set<std::string, std::less<>>;

struct MergePlan {
  std::string tenant;
  std::vector<std::string> blocks;  // ids, oldest first
  uint32_t level = 0;               // of the result
};

// The most urgent merge: of the tenant and window with the most blocks to merge. A block is written
// when it is flushed, when enough of them have come, and when its window is over: three
// times at most. Damaged blocks stay as they are, and the others are merged.
std::optional<MergePlan> PlanMerge(const CatalogState& state, int64_t now_unix_nano,
                                   const CompactionLimits& limits, const BlockIds& damaged = {});

// By tenant, how many flushed blocks wait for a merge that is due. What no merge will ever
// take, because it is alone in its window or too large, does not wait.
using UnmergedBlocks = std::map<std::string, size_t, std::less<>>;
UnmergedBlocks CountUnmerged(const CatalogState& state, int64_t now_unix_nano,
                             const CompactionLimits& limits, const BlockIds& damaged = {});

struct RetentionLimits {
  int64_t max_age_ns = 0;  // 0: for ever
  uint64_t max_bytes = 0;  // of all blocks, also of those that are kept; 0: no limit
  std::shared_ptr<const KeepRule> keep{};  // of what is too old; null: nothing
};

// The blocks that go whole: those too old, and the oldest beyond the size. With a rule only those
// are too old that it has kept for long enough, or would not keep any longer. `held_bytes` are on
// the disk beside the blocks: of files whose spans are in other blocks by now, which queries that
// run still read.
std::vector<std::string> PlanRetention(const CatalogState& state, int64_t now_unix_nano,
                                       const RetentionLimits& limits, uint64_t held_bytes = 0);

// Blocks whose time is over, and of which a rule may keep some traces.
struct ExpiryPlan {
  std::string tenant;
  std::vector<std::string> blocks;  // ids, oldest first
};

// Windows expire as a whole, so that a rule looks at each once: the next one, or as much of it
// as fits a block.
std::optional<ExpiryPlan> PlanExpiry(const CatalogState& state, int64_t now_unix_nano,
                                     const RetentionLimits& retention,
                                     const CompactionLimits& limits, const BlockIds& damaged);

}  // namespace clew::store
