// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/block.h"

namespace clew::store {

// Blocks in the place of others, or of none.
struct BlockChanges {
  std::vector<std::string> removed{};  // ids
  std::vector<std::shared_ptr<const Block>> added{};
  bool empty() const { return removed.empty() && added.empty(); }
};

// The blocks that queries are given, by tenant. Not thread-safe.
class ServedBlocks {
 public:
  using Blocks = std::vector<std::shared_ptr<const Block>>;
  using ByTenant = std::map<std::string, Blocks, std::less<>>;
  explicit ServedBlocks(ByTenant blocks) : blocks_(std::move(blocks)) {}

  // All of the tenant; those of it, or of all tenants, that have one of the ids.
  Blocks Of(std::string_view tenant) const;
  Blocks Of(std::string_view tenant, const std::vector<std::string>& ids) const;
  Blocks Of(const std::vector<std::string>& ids) const;
  std::vector<std::string> Ids() const;

  void Add(std::shared_ptr<const Block> block);
  // The blocks that were removed.
  Blocks Replace(const BlockChanges& changes);

  uint64_t count() const;
  uint64_t spans() const;
  uint64_t size_bytes() const;

 private:
  ByTenant blocks_;
};

}  // namespace clew::store
