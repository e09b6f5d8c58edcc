// SPDX-License-Identifier: Apache-2.0
#include "query/layouts_fixture.h"

#include <utility>

#include "base/check.h"
#include "store/block_writer.h"
#include "store/memtable_input.h"
#include "store/merge_input.h"

namespace clew::query {

Layouts::Layouts(uint32_t rows_of_group, std::vector<size_t> column_limits)
    : rows_of_group_(rows_of_group), column_limits_(std::move(column_limits)) {
  objects_ = std::move(objects::LocalObjectStore::Open(storage_, "data")).value();
}

std::shared_ptr<store::Memtable> Layouts::Fill(const std::vector<Part>& parts,
                                               size_t max_attribute_columns) {
  auto memtable = std::make_shared<store::Memtable>(max_attribute_columns);
  for (const Part& part : parts) part(*memtable);
  memtable->Publish(memtable->FinishBody());
  return memtable;
}

std::shared_ptr<const store::Block> Layouts::Flush(const store::Memtable& memtable) {
  store::MemtableInput input(memtable);
  return Write(input, false);
}

std::shared_ptr<const store::Block> Layouts::Merge(
    const std::vector<std::shared_ptr<const store::Block>>& blocks) {
  auto input = store::MergeInput::Open(blocks);
  CHECK(input.ok());
  return Write(*input.value(), true);
}

std::shared_ptr<const store::Block> Layouts::Write(store::BlockInput& input, bool merged) {
  const store::BlockWriterOptions options{.tenant = "t",
                                          .block_id = "B" + std::to_string(++blocks_),
                                          .max_attribute_columns = NextColumnLimit(),
                                          .rows_of_group = rows_of_group_,
                                          .rows_of_page = 6,
                                          .with_usual_times = merged};
  const auto written = store::WriteBlock(input, names_, *objects_, options);
  CHECK(written.ok());
  return std::make_shared<const store::Block>(
      *objects_, store::DescriptionOf(written.value(), options), &cache_);
}

store::Sources Layouts::Lay(std::mt19937_64& random, const std::vector<Part>& parts, size_t places,
                            size_t block_chance) {
  std::vector<std::vector<Part>> dealt(places);
  for (const Part& part : parts) dealt[random() % places].push_back(part);
  store::Sources sources;
  for (const std::vector<Part>& some : dealt) {
    if (some.empty()) continue;
    std::shared_ptr<store::Memtable> memtable = Fill(some, NextColumnLimit());
    if (random() % 100 < block_chance) {
      sources.blocks.push_back(Flush(*memtable));
    } else {
      sources.memtables.push_back(std::move(memtable));
    }
  }
  return sources;
}

store::Sources Layouts::Compact(std::mt19937_64& random, store::Sources sources) {
  while (sources.blocks.size() > 1 && random() % 4 != 0) {
    const size_t count = 2 + random() % (sources.blocks.size() - 1);
    const std::vector<std::shared_ptr<const store::Block>> some(
        sources.blocks.end() - static_cast<ptrdiff_t>(count), sources.blocks.end());
    sources.blocks.resize(sources.blocks.size() - count);
    sources.blocks.insert(sources.blocks.begin(), Merge(some));
  }
  return sources;
}

}  // namespace clew::query
