// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "base/memory_storage.h"
#include "objects/local_object_store.h"
#include "store/attribute_columns.h"
#include "store/block_input.h"
#include "store/column_names.h"
#include "store/page_cache.h"
#include "store/sources.h"

namespace clew::query {

// For tests: lays spans out in memtables and blocks in ways of many kinds.
class Layouts {
 public:
  // Announces one of the parts that spans come in.
  using Part = std::function<void(model::SpanSink&)>;

  // Blocks say what is usual where they were merged. Of the memtables and blocks that are made
  // here the first has the first number of attribute columns at most, and so on, over and over.
  explicit Layouts(uint32_t rows_of_group = 20, std::vector<size_t> column_limits = {kUsualLimit});

  static std::shared_ptr<store::Memtable> Fill(const std::vector<Part>& parts,
                                               size_t max_attribute_columns = kUsualLimit);
  std::shared_ptr<const store::Block> Flush(const store::Memtable& memtable);
  std::shared_ptr<const store::Block> Merge(
      const std::vector<std::shared_ptr<const store::Block>>& blocks);

  // Dealt to `places` memtables, each of which is a block with a chance of so many in 100.
  store::Sources Lay(std::mt19937_64& random, const std::vector<Part>& parts, size_t places,
                     size_t block_chance);
  // Some of the blocks merged, and those merged again.
  store::Sources Compact(std::mt19937_64& random, store::Sources sources);

  // Where the files of its blocks are.
  objects::ObjectStore& objects() { return *objects_; }

 private:
  static constexpr size_t kUsualLimit = store::AttributeColumns::kMaxAttributeColumns;

  std::shared_ptr<const store::Block> Write(store::BlockInput& input, bool merged);
  size_t NextColumnLimit() { return column_limits_[limits_taken_++ % column_limits_.size()]; }

  const uint32_t rows_of_group_;
  const std::vector<size_t> column_limits_;
  size_t limits_taken_ = 0;
  base::MemoryStorage storage_;
  store::PageCache cache_{size_t{64} << 20};
  std::unique_ptr<objects::LocalObjectStore> objects_;
  store::ColumnNames names_;
  int blocks_ = 0;
};

}  // namespace clew::query
