// SPDX-License-Identifier: Apache-2.0
#include "store/block_pages.h"

#include <algorithm>

namespace clew::store {

base::Result<BlockPages> BlockPages::Open(const Block& block) {
  BlockPages pages(TRY(block.OpenSpans()));
  uint64_t group_begin = 0;
  for (size_t group = 0; group < pages.spans_.file().row_group_count(); ++group) {
    const std::vector<parquet::PageLocation> locations = TRY(pages.spans_.file().PagesOf(group, 0));
    for (size_t i = 0; i < locations.size(); ++i) {
      pages.pages_.push_back({group_begin + locations[i].first_row, locations[i].rows, group, i});
    }
    group_begin += pages.spans_.file().rows_of(group);
  }
  return pages;
}

std::optional<size_t> BlockPages::ColumnOf(const std::string& name) const {
  // The last is `others`, which is two.
  for (size_t i = 0; i + 1 < spans_.columns.size(); ++i) {
    if (spans_.columns[i].name == name) return i;
  }
  return std::nullopt;
}

size_t BlockPages::PageOf(uint64_t row) const {
  const auto has = [&](size_t page) { return row - pages_[page].first_row < pages_[page].rows; };
  if (!has(last_page_)) {
    const auto behind = std::ranges::upper_bound(pages_, row, {}, &Page::first_row);
    last_page_ = static_cast<size_t>(behind - pages_.begin()) - 1;
  }
  return last_page_;
}

base::Result<const ColumnCells*> BlockPages::CellsOf(size_t column, size_t page) {
  const auto loaded = [&]() -> const ColumnCells* {
    if (column >= columns_.size() || columns_[column].pages.empty()) return nullptr;
    return columns_[column].pages[page].get();
  };
  if (loaded() == nullptr) TRY(Load(column, page));
  return loaded();
}

base::Result<BlockPages::Cell> BlockPages::At(size_t column, uint64_t row) {
  const size_t page = PageOf(row);
  const ColumnCells* const cells = TRY(CellsOf(column, page));
  return Cell{cells, static_cast<size_t>(row - pages_[page].first_row)};
}

base::Status BlockPages::Load(size_t column, size_t number) {
  if (columns_.empty()) columns_.resize(spans_.file().schema().columns().size());
  Column& of = columns_[column];
  of.pages.resize(pages_.size());
  const Page& page = pages_[number];
  if (of.group != page.group) {
    of.group.reset();
    of.locations = TRY(spans_.file().PagesOf(page.group, column));
    of.dictionary = nullptr;
    of.group = page.group;
  }
  const bool aligned =
      page.index < of.locations.size() && of.locations[page.index].rows == page.rows;
  if (!aligned) {
    return base::Error{base::ErrorCode::kCorruption,
                       "spans.parquet: pages of columns break at different rows"};
  }
  of.pages[number] = std::make_unique<const ColumnCells>(
      TRY(ReadCells(spans_.file(), page.group, column, of.locations[page.index], of.dictionary)));
  return {};
}

void BlockPages::Forget() {
  for (Column& column : columns_) {
    column.pages.clear();
    column.dictionary = nullptr;
  }
}

}  // namespace clew::store
