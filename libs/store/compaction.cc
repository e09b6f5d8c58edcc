// SPDX-License-Identifier: Apache-2.0
#include "store/compaction.h"

#include <algorithm>
#include <map>
#include <span>
#include <tuple>
#include <utility>

namespace clew::store {
namespace {

using Blocks = std::vector<const CatalogBlock*>;

// By when they were received, oldest first.
void Sort(Blocks& blocks) {
  std::ranges::sort(blocks, {}, [](const CatalogBlock* block) {
    return std::tie(block->received_unix_nano, block->id);
  });
}

// The blocks of one tenant that were received in one window, oldest first, without those that
// are damaged.
using Windows = std::map<std::pair<std::string_view, int64_t>, Blocks>;
Windows ByWindow(const CatalogState& state, const BlockIds& damaged) {
  Windows windows;
  for (const auto& [id, block] : state.blocks()) {
    if (damaged.contains(id)) continue;
    windows[{block.tenant, block.received_unix_nano / kWindowNanos}].push_back(&block);
  }
  for (auto& [place, blocks] : windows) Sort(blocks);
  return windows;
}

// As many of the first as fit one block.
std::span<const CatalogBlock* const> Fitting(std::span<const CatalogBlock* const> blocks,
                                             const CompactionLimits& limits) {
  size_t count = 0;
  uint64_t spans = 0;
  uint64_t bytes = 0;
  for (const CatalogBlock* block : blocks) {
    spans += block->spans;
    bytes += block->size_bytes();
    if (count == limits.max_fan_in || spans > limits.max_spans || bytes > limits.max_bytes) break;
    ++count;
  }
  return blocks.first(count);
}

// The first neighbours that make a merge of at least so many: what is too large to be merged
// with those behind it does not keep them from it. None: empty.
std::span<const CatalogBlock* const> FirstMerge(std::span<const CatalogBlock* const> blocks,
                                                size_t fewest, const CompactionLimits& limits) {
  for (; blocks.size() >= fewest; blocks = blocks.subspan(1)) {
    const auto fitting = Fitting(blocks, limits);
    if (fitting.size() >= fewest) return fitting;
  }
  return {};
}

Blocks OfLevelsBelow(const Blocks& blocks, uint32_t level) {
  Blocks below;
  std::ranges::copy_if(blocks, std::back_inserter(below),
                       [&](const CatalogBlock* block) { return block->level < level; });
  return below;
}

// Nothing can be flushed into it any more.
bool IsOver(int64_t window, int64_t now_unix_nano) {
  return (window + 1) * kWindowNanos + kWindowGraceNanos <= now_unix_nano;
}

// Merges of one window.
struct WindowMerges {
  uint32_t level;  // of what they make
  size_t fewest;   // blocks that are worth one
};

WindowMerges MergesOf(int64_t window, int64_t now_unix_nano, const CompactionLimits& limits) {
  return IsOver(window, now_unix_nano) ? WindowMerges{.level = kMergedForGood, .fewest = 2}
                                       : WindowMerges{.level = 1, .fewest = limits.fan_in};
}

// When a block goes whole, whatever is in it.
int64_t EndOf(const CatalogBlock& block, const RetentionLimits& limits) {
  const bool undecided = block.keep_until_unix_nano == 0 && limits.keep != nullptr;
  const int64_t age_ns =
      undecided ? std::max(limits.max_age_ns, limits.keep->longest_ns()) : limits.max_age_ns;
  return std::max(block.keep_until_unix_nano, EndOfAge(block.received_unix_nano, age_ns));
}

}  // namespace

UnmergedBlocks CountUnmerged(const CatalogState& state, int64_t now_unix_nano,
                             const CompactionLimits& limits, const BlockIds& damaged) {
  UnmergedBlocks unmerged;
  for (const auto& [place, blocks] : ByWindow(state, damaged)) {
    const WindowMerges merges = MergesOf(place.second, now_unix_nano, limits);
    Blocks waiting = OfLevelsBelow(blocks, merges.level);
    while (true) {
      const auto merged = FirstMerge(waiting, merges.fewest, limits);
      if (merged.empty()) break;
      const auto flushed = std::ranges::count(merged, 0u, &CatalogBlock::level);
      if (flushed > 0) unmerged[std::string(place.first)] += static_cast<size_t>(flushed);
      waiting.erase(waiting.begin(), waiting.begin() + (&merged.back() + 1 - waiting.data()));
    }
  }
  return unmerged;
}

std::chrono::nanoseconds RestAfter(std::chrono::nanoseconds work, bool is_done,
                                   std::chrono::nanoseconds idle_look) {
  const std::chrono::nanoseconds rest = 2 * work;
  return is_done ? std::max(rest, idle_look) : rest;
}

std::optional<MergePlan> PlanMerge(const CatalogState& state, int64_t now_unix_nano,
                                   const CompactionLimits& limits, const BlockIds& damaged) {
  std::optional<MergePlan> best;
  for (const auto& [place, blocks] : ByWindow(state, damaged)) {
    const auto [level, fewest] = MergesOf(place.second, now_unix_nano, limits);
    const Blocks candidates = OfLevelsBelow(blocks, level);
    const auto merged = FirstMerge(candidates, fewest, limits);
    if (merged.empty()) continue;
    if (best && best->blocks.size() >= merged.size()) continue;
    best = MergePlan{.tenant = std::string(place.first), .blocks = {}, .level = level};
    for (const CatalogBlock* block : merged) best->blocks.push_back(block->id);
  }
  return best;
}

std::vector<std::string> PlanRetention(const CatalogState& state, int64_t now_unix_nano,
                                       const RetentionLimits& limits, uint64_t held_bytes) {
  if (limits.max_age_ns == 0 && limits.max_bytes == 0) return {};
  Blocks blocks;
  uint64_t bytes = held_bytes;
  for (const auto& [id, block] : state.blocks()) {
    blocks.push_back(&block);
    bytes += block.size_bytes();
  }
  Sort(blocks);
  std::vector<std::string> dropped;
  for (const CatalogBlock* block : blocks) {
    const bool old = limits.max_age_ns > 0 && EndOf(*block, limits) < now_unix_nano;
    const bool over = limits.max_bytes > 0 && bytes > limits.max_bytes;
    if (!old && !over) continue;
    dropped.push_back(block->id);
    bytes -= block->size_bytes();
  }
  return dropped;
}

std::optional<ExpiryPlan> PlanExpiry(const CatalogState& state, int64_t now_unix_nano,
                                     const RetentionLimits& retention,
                                     const CompactionLimits& limits, const BlockIds& damaged) {
  if (retention.max_age_ns == 0 || retention.keep == nullptr) return std::nullopt;
  for (const auto& [place, blocks] : ByWindow(state, damaged)) {
    if (!IsOver(place.second, now_unix_nano - retention.max_age_ns)) continue;
    Blocks expired;
    std::ranges::copy_if(blocks, std::back_inserter(expired), [](const CatalogBlock* block) {
      return block->keep_until_unix_nano == 0;
    });
    if (expired.empty()) continue;
    const size_t count = std::max<size_t>(Fitting(expired, limits).size(), 1);
    ExpiryPlan plan{.tenant = std::string(place.first), .blocks = {}};
    for (const CatalogBlock* block : std::span(expired).first(count)) {
      plan.blocks.push_back(block->id);
    }
    return plan;
  }
  return std::nullopt;
}

}  // namespace clew::store
