// SPDX-License-Identifier: Apache-2.0
#include "store/compaction.h"

#include <algorithm>
#include <map>
#include <span>
#include <tuple>
#include <utility>

namespace clew::store {
namespace {

constexpr uint32_t kClosed = 2;  // the level of what is merged for good

using Blocks = std::vector<const CatalogBlock*>;

// The blocks of one tenant that were received in one window, oldest first.
std::map<std::pair<std::string_view, int64_t>, Blocks> ByWindow(const CatalogState& state) {
  std::map<std::pair<std::string_view, int64_t>, Blocks> windows;
  for (const auto& [id, block] : state.blocks()) {
    windows[{block.tenant, block.received_unix_nano / kWindowNanos}].push_back(&block);
  }
  for (auto& [place, blocks] : windows) {
    std::ranges::sort(blocks, {}, [](const CatalogBlock* block) {
      return std::tie(block->received_unix_nano, block->id);
    });
  }
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

// Merges of one window.
struct WindowMerges {
  uint32_t level;  // of what they make
  size_t fewest;   // blocks that are worth one
};

WindowMerges MergesOf(int64_t window, int64_t now_unix_nano, const CompactionLimits& limits) {
  const bool over = (window + 1) * kWindowNanos + kWindowGraceNanos <= now_unix_nano;
  return over ? WindowMerges{.level = kClosed, .fewest = 2}
              : WindowMerges{.level = 1, .fewest = limits.fan_in};
}

}  // namespace

UnmergedBlocks CountUnmerged(const CatalogState& state, int64_t now_unix_nano,
                             const CompactionLimits& limits) {
  UnmergedBlocks unmerged;
  for (const auto& [place, blocks] : ByWindow(state)) {
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

std::optional<MergePlan> PlanMerge(const CatalogState& state, int64_t now_unix_nano,
                                   const CompactionLimits& limits) {
  std::optional<MergePlan> best;
  for (const auto& [place, blocks] : ByWindow(state)) {
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
                                       const RetentionLimits& limits) {
  Blocks blocks;
  uint64_t bytes = 0;
  for (const auto& [id, block] : state.blocks()) {
    blocks.push_back(&block);
    bytes += block.size_bytes();
  }
  std::ranges::sort(blocks, {}, [](const CatalogBlock* block) {
    return std::tie(block->received_unix_nano, block->id);
  });
  std::vector<std::string> dropped;
  for (const CatalogBlock* block : blocks) {
    const bool old =
        limits.max_age_ns > 0 && block->received_unix_nano < now_unix_nano - limits.max_age_ns;
    const bool over = limits.max_bytes > 0 && bytes > limits.max_bytes;
    if (!old && !over) continue;
    dropped.push_back(block->id);
    bytes -= block->size_bytes();
  }
  return dropped;
}

}  // namespace clew::store
