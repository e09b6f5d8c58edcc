// SPDX-License-Identifier: Apache-2.0
#include "store/column_cells.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace clew::store {
namespace {

base::Error Unfit(const parquet::Column& column, const char* what) {
  return {base::ErrorCode::kCorruption, "column " + column.name() + ": " + what};
}

base::Result<ColumnCells> WithDictionary(const parquet::FileReader& file, size_t row_group,
                                         size_t column, parquet::Page page) {
  std::shared_ptr<const parquet::Values> dictionary;
  if (std::holds_alternative<std::vector<uint32_t>>(page.values)) {
    parquet::Values values = TRY(file.ReadDictionary(row_group, column));
    dictionary = std::make_shared<const parquet::Values>(std::move(values));
  }
  return ColumnCells::Make(std::move(page), std::move(dictionary), file.schema().columns()[column]);
}

}  // namespace

base::Result<ColumnCells> ColumnCells::Make(parquet::Page page,
                                            std::shared_ptr<const parquet::Values> dictionary,
                                            const parquet::Column& column) {
  ColumnCells cells;
  cells.rows_ = page.rows;
  size_t count = 0;  // of values
  size_t entries = page.rows;
  if (!page.levels.definition.empty()) {
    entries = page.levels.definition.size();
    cells.places_.reserve(entries);
    for (const uint8_t level : page.levels.definition) {
      const bool present = level == column.max_definition;
      cells.places_.push_back(present ? static_cast<uint32_t>(count) : kNone);
      count += present;
    }
    cells.definition_ = std::move(page.levels.definition);
    // Of a list of optional elements: absent 0, empty 1, element null 2, with value 3.
    cells.element_ = static_cast<uint8_t>(std::min<int>(column.max_definition, 2));
  } else {
    count = entries;
  }
  if (!page.levels.repetition.empty()) {
    for (uint32_t entry = 0; entry < entries; ++entry) {
      if (page.levels.repetition[entry] == 0) cells.starts_.push_back(entry);
    }
    if (cells.starts_.size() != page.rows) return Unfit(column, "rows and levels differ");
    cells.starts_.push_back(static_cast<uint32_t>(entries));
  } else if (entries != page.rows) {
    return Unfit(column, "rows and levels differ");
  }
  if (auto* codes = std::get_if<std::vector<uint32_t>>(&page.values)) {
    if (codes->size() != count) return Unfit(column, "codes and levels differ");
    const size_t known = dictionary == nullptr ? 0 : parquet::CountOf(*dictionary);
    const auto highest = std::ranges::max_element(*codes);
    if (highest != codes->end() && *highest >= known) {
      return Unfit(column, "a code is not in the dictionary");
    }
    cells.codes_ = std::move(*codes);
    cells.values_ = std::move(dictionary);
  } else {
    auto& values = std::get<parquet::Values>(page.values);
    if (parquet::CountOf(values) != count) return Unfit(column, "values and levels differ");
    cells.values_ = std::make_shared<const parquet::Values>(std::move(values));
  }
  return cells;
}

bool ColumnCells::SameValue(size_t a, size_t b) const {
  if (HasValue(a) != HasValue(b)) return false;
  if (!HasValue(a)) return true;
  const uint32_t place_a = PlaceOf(a);
  const uint32_t place_b = PlaceOf(b);
  if (place_a == place_b) return true;
  if (const auto* doubles = std::get_if<std::vector<double>>(values_.get())) {
    return std::bit_cast<uint64_t>((*doubles)[place_a]) ==
           std::bit_cast<uint64_t>((*doubles)[place_b]);
  }
  return std::visit(
      [&](const auto& values) {
        if constexpr (requires { values.values; }) {
          return values.values[place_a] == values.values[place_b];
        } else {
          return values[place_a] == values[place_b];
        }
      },
      *values_);
}

base::Result<ColumnCells> ReadCells(const parquet::FileReader& file, size_t row_group,
                                    size_t column, const parquet::PageLocation& page) {
  return WithDictionary(file, row_group, column, TRY(file.ReadPage(row_group, column, page)));
}

base::Result<ColumnCells> ReadCells(const parquet::FileReader& file, size_t row_group,
                                    size_t column) {
  return WithDictionary(file, row_group, column, TRY(file.ReadChunk(row_group, column)));
}

}  // namespace clew::store
