// SPDX-License-Identifier: Apache-2.0
// Each dictionary that comes in gets a table from its codes to those of the result, filled
// as codes are first met.
#include "store/joined_column.h"

#include <algorithm>
#include <bit>
#include <span>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "store/coded_column.h"
#include "store/each_present.h"

namespace clew::store {
namespace {

using parquet::ColumnChunk;

using Pages = std::span<const ColumnCells* const>;

bool AllCoded(Pages pages) {
  return std::ranges::all_of(pages, [](const ColumnCells* page) {
    return page == nullptr || page->has_codes() || page->value_count() == 0;
  });
}

// Values as keys: doubles by their bits, so that NaNs and both zeros are kept apart.
uint64_t KeyOf(double value) {
  return std::bit_cast<uint64_t>(value);
}
template <typename T>
T KeyOf(T value) {
  return value;
}

// The rows that have a value; all of them where there are no levels.
void ForEachValue(std::span<const PagedRow> rows, const parquet::Levels& levels, auto visit) {
  if (levels.definition.empty()) {
    for (const PagedRow& row : rows) visit(row);
  } else {
    ForEachPresent(levels.definition, [&](size_t i) { visit(rows[i]); });
  }
}

template <typename Sequence>
class CodeJoin {
 public:
  explicit CodeJoin(Pages pages) : pages_(pages), tables_(pages.size()) {
    for (size_t i = 0; i < pages.size(); ++i) {
      if (pages[i] == nullptr) continue;
      const parquet::Values& values = pages[i]->values();
      tables_[i] = &tables_of_[&values];
      tables_[i]->resize(parquet::CountOf(values), kUnseen);
    }
  }

  parquet::CodedValues Join(std::span<const PagedRow> rows, const parquet::Levels& levels) {
    std::vector<uint32_t> codes;
    codes.reserve(rows.size());
    ForEachValue(rows, levels, [&](const PagedRow& row) {
      const ColumnCells* const page = pages_[row.page];
      const uint32_t place = page->PlaceOf(row.row);
      uint32_t& known = (*tables_[row.page])[place];
      if (known == kUnseen) known = Intern(std::get<Sequence>(page->values())[place]);
      codes.push_back(known);
    });
    return {.dictionary = std::move(distinct_), .codes = std::move(codes)};
  }

 private:
  static constexpr uint32_t kUnseen = UINT32_MAX;
  using Table = std::vector<uint32_t>;  // from codes of a dictionary to those of the result
  using Value = std::decay_t<decltype(std::declval<const Sequence&>()[0])>;
  using Key = decltype(KeyOf(std::declval<Value>()));

  uint32_t Intern(const Value& value) {
    const auto [place, added] =
        codes_.try_emplace(KeyOf(value), static_cast<uint32_t>(distinct_.size()));
    if (added) distinct_.push_back(value);
    return place->second;
  }

  Pages pages_;
  std::unordered_map<const parquet::Values*, Table> tables_of_;  // by dictionary
  std::vector<Table*> tables_;                                   // by page
  Sequence distinct_;
  std::unordered_map<Key, uint32_t> codes_;  // texts are those of the pages
};

template <typename Sequence>
Sequence JoinValues(std::span<const PagedRow> rows, const parquet::Levels& levels, Pages pages) {
  Sequence joined;
  ForEachValue(rows, levels, [&](const PagedRow& row) {
    const ColumnCells* const page = pages[row.page];
    const auto& values = std::get<Sequence>(page->values());
    const uint32_t place = page->PlaceOf(row.row);
    if constexpr (std::is_same_v<Sequence, parquet::Booleans>) {
      joined.values.push_back(values.values[place]);
    } else {
      joined.push_back(values[place]);
    }
  });
  return joined;
}

}  // namespace

ColumnChunk ChunkOf(parquet::Levels levels, parquet::Values values) {
  ColumnChunk chunk{.levels = std::move(levels), .values = parquet::Values()};
  if (auto* wide = std::get_if<std::vector<int64_t>>(&values)) {
    chunk.values = CodeNumbers(std::move(*wide));
  } else if (auto* narrow = std::get_if<std::vector<int32_t>>(&values)) {
    chunk.values = CodeNumbers(std::move(*narrow));
  } else {
    chunk.values = std::move(values);
  }
  return chunk;
}

ColumnChunk JoinRows(std::span<const PagedRow> rows, Pages pages, const parquet::Column& column) {
  parquet::Levels levels;
  if (column.max_definition > 0) {
    levels.definition.resize(rows.size());
    for (size_t i = 0; i < rows.size(); ++i) {
      const ColumnCells* const page = pages[rows[i].page];
      levels.definition[i] = page != nullptr && page->HasValue(rows[i].row);
    }
  }
  const bool coded = AllCoded(pages);
  return std::visit(
      [&](const auto& of_type) -> ColumnChunk {
        using Sequence = std::decay_t<decltype(of_type)>;
        // Booleans have no codes.
        if constexpr (!std::is_same_v<Sequence, parquet::Booleans>) {
          if (coded) {
            parquet::CodedValues values = CodeJoin<Sequence>(pages).Join(rows, levels);
            return {.levels = std::move(levels), .values = std::move(values)};
          }
        }
        Sequence values = JoinValues<Sequence>(rows, levels, pages);
        return ChunkOf(std::move(levels), std::move(values));
      },
      parquet::EmptyValues(column.type));
}

}  // namespace clew::store
