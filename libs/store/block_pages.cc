// SPDX-License-Identifier: Apache-2.0
#include "store/block_pages.h"

#include <algorithm>

namespace clew::store {

base::Result<BlockPages> BlockPages::Open(const Block& block) {
  BlockPages pages(TRY(block.OpenSpans()));
  uint64_t group_begin = 0;
  for (size_t group = 0; group < pages.spans_.file.row_group_count(); ++group) {
    const std::vector<parquet::PageLocation> locations = TRY(pages.spans_.file.PagesOf(group, 0));
    for (size_t i = 0; i < locations.size(); ++i) {
      pages.pages_.push_back({group_begin + locations[i].first_row, locations[i].rows, group, i});
    }
    group_begin += pages.spans_.file.rows_of(group);
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

base::Result<BlockPages::Cell> BlockPages::At(size_t column, uint64_t row) {
  const size_t number = PageOf(row);
  const Page& page = pages_[number];
  auto found = loaded_.find({column, number});
  if (found == loaded_.end()) {
    auto locations = locations_.find({column, page.group});
    if (locations == locations_.end()) {
      locations =
          locations_
              .emplace(std::pair(column, page.group), TRY(spans_.file.PagesOf(page.group, column)))
              .first;
    }
    const bool aligned =
        page.index < locations->second.size() && locations->second[page.index].rows == page.rows;
    if (!aligned) {
      return base::Error{base::ErrorCode::kCorruption,
                         "spans.parquet: pages of columns break at different rows"};
    }
    ColumnCells cells =
        TRY(ReadCells(spans_.file, page.group, column, locations->second[page.index]));
    found = loaded_.emplace(std::pair(column, number), std::move(cells)).first;
  }
  return Cell{&found->second, static_cast<size_t>(row - page.first_row)};
}

}  // namespace clew::store
