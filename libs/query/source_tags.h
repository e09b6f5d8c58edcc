// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "query/tags.h"
#include "query/time_range.h"
#include "store/block.h"
#include "store/memtable.h"

// Tags of one memtable or block.
namespace clew::query {

using TagNames = std::set<std::string, std::less<>>;

// The values of a tag, each once.
class TagValues {
 public:
  void insert(TagValue value);
  // Charges what came since the last time.
  base::Status ChargeGrowth(MemoryBudget* memory);
  std::vector<TagValue> Sorted() const { return {values_.begin(), values_.end()}; }

 private:
  std::set<TagValue> values_;
  uint64_t new_bytes_ = 0;
};
// Of one value that is kept; charged by those who keep them.
uint64_t BytesOf(const TagValue& value);
base::Status ChargeTagValues(MemoryBudget* memory, uint64_t bytes);

// Add what the source has. kCancelled; kExhausted; kCorruption names a block that cannot be read.
base::Status AddTagNames(const store::Memtable& memtable, const TagQuestion& question,
                         TagScope scope, TagNames& names);
base::Status AddTagNames(const store::Block& block, const TagQuestion& question, TagScope scope,
                         TagNames& names);
base::Status AddTagValues(const store::Memtable& memtable, const TagQuestion& question,
                          const Tag& tag, TagValues& values);
base::Status AddTagValues(const store::Block& block, const TagQuestion& question, const Tag& tag,
                          TagValues& values);

// Adds a value of a type that tags have; nested ones are left out.
void AddTagValue(const model::ValueView& value, TagValues& values);

}  // namespace clew::query
