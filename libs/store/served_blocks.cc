// SPDX-License-Identifier: Apache-2.0
#include "store/served_blocks.h"

#include <algorithm>
#include <utility>

namespace clew::store {
namespace {

bool HasIdOf(const std::vector<std::string>& ids, const std::shared_ptr<const Block>& block) {
  return std::ranges::find(ids, block->description().id) != ids.end();
}

}  // namespace

ServedBlocks::Blocks ServedBlocks::Of(std::string_view tenant) const {
  const auto blocks = blocks_.find(tenant);
  return blocks == blocks_.end() ? Blocks() : blocks->second;
}

ServedBlocks::Blocks ServedBlocks::Of(std::string_view tenant,
                                      const std::vector<std::string>& ids) const {
  Blocks blocks = Of(tenant);
  std::erase_if(blocks, [&](const auto& block) { return !HasIdOf(ids, block); });
  return blocks;
}

ServedBlocks::Blocks ServedBlocks::Of(const std::vector<std::string>& ids) const {
  Blocks found;
  for (const auto& [tenant, blocks] : blocks_) {
    for (const auto& block : blocks) {
      if (HasIdOf(ids, block)) found.push_back(block);
    }
  }
  return found;
}

std::vector<std::string> ServedBlocks::Ids() const {
  std::vector<std::string> ids;
  for (const auto& [tenant, blocks] : blocks_) {
    for (const auto& block : blocks) ids.push_back(block->description().id);
  }
  return ids;
}

void ServedBlocks::Add(std::shared_ptr<const Block> block) {
  Blocks& blocks = blocks_[block->description().tenant];
  blocks.push_back(std::move(block));
}

ServedBlocks::Blocks ServedBlocks::Replace(const BlockChanges& changes) {
  Blocks removed;
  for (auto& [tenant, blocks] : blocks_) {
    std::erase_if(blocks, [&](const std::shared_ptr<const Block>& block) {
      if (!HasIdOf(changes.removed, block)) return false;
      removed.push_back(block);
      return true;
    });
  }
  for (const auto& block : changes.added) Add(block);
  return removed;
}

uint64_t ServedBlocks::count() const {
  uint64_t count = 0;
  for (const auto& [tenant, blocks] : blocks_) count += blocks.size();
  return count;
}

uint64_t ServedBlocks::size_bytes() const {
  uint64_t bytes = 0;
  for (const auto& [tenant, blocks] : blocks_) {
    for (const auto& block : blocks) bytes += block->description().size_bytes();
  }
  return bytes;
}

uint64_t ServedBlocks::spans() const {
  uint64_t spans = 0;
  for (const auto& [tenant, blocks] : blocks_) {
    for (const auto& block : blocks) spans += block->description().spans;
  }
  return spans;
}

}  // namespace clew::store
