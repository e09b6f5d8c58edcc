// SPDX-License-Identifier: Apache-2.0
#include "store/compaction.h"

#include <algorithm>
#include <map>
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
Blocks Fitting(const Blocks& blocks, const CompactionLimits& limits) {
  Blocks fitting;
  uint64_t spans = 0;
  uint64_t bytes = 0;
  for (const CatalogBlock* block : blocks) {
    spans += block->spans;
    bytes += block->size_bytes();
    if (fitting.size() == limits.max_fan_in || spans > limits.max_spans ||
        bytes > limits.max_bytes) {
      break;
    }
    fitting.push_back(block);
  }
  return fitting;
}

Blocks OfLevelsBelow(const Blocks& blocks, uint32_t level) {
  Blocks below;
  std::ranges::copy_if(blocks, std::back_inserter(below),
                       [&](const CatalogBlock* block) { return block->level < level; });
  return below;
}

}  // namespace

std::optional<MergePlan> PlanMerge(const CatalogState& state, int64_t now_unix_nano,
                                   const CompactionLimits& limits) {
  std::optional<MergePlan> best;
  for (const auto& [place, blocks] : ByWindow(state)) {
    const bool over = (place.second + 1) * kWindowNanos + kWindowGraceNanos <= now_unix_nano;
    const uint32_t level = over ? kClosed : 1;
    const Blocks merged = Fitting(OfLevelsBelow(blocks, level), limits);
    if (merged.size() < (over ? 2 : limits.fan_in)) continue;
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
