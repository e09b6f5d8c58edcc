// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "store/compaction.h"

// Why a tenant's spans cannot be taken in at the moment.
namespace clew::store {

// kExhausted when so many bytes more than the memtables hold are over the limit; with the
// error of the last flush, if it failed.
base::Status CheckMemory(uint64_t held_bytes, uint64_t more_bytes, uint64_t limit_bytes,
                         const std::optional<base::Error>& flush_error);

// Whether merges keep up: how many blocks wait for them, and what hinders them. Not
// thread-safe.
class MergeDebt {
 public:
  explicit MergeDebt(const CompactionLimits& limits) : limits_(limits) {}

  void Set(UnmergedBlocks unmerged) { unmerged_ = std::move(unmerged); }
  // How the last look for a merge ended.
  void NoteLook(const base::Status& status);

  // Of the tenant that has the most.
  size_t worst() const;
  // Of all tenants.
  size_t total() const;
  // Whether merging is more urgent than the time it takes from others, and not in vain.
  bool is_urgent() const { return !hindrance_ && worst() > limits_.urgent_unmerged; }
  // kExhausted, with the reason, when the tenant has so many that no more may come.
  base::Status Check(std::string_view tenant) const;

 private:
  const CompactionLimits limits_;
  UnmergedBlocks unmerged_;
  std::optional<std::string> hindrance_;
};

}  // namespace clew::store
