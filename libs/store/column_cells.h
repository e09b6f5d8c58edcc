// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <variant>
#include <vector>

#include "base/check.h"
#include "base/result.h"
#include "parquet/file_reader.h"
#include "parquet/values.h"
#include "store/present_entries.h"

namespace clew::store {

// Some rows of one column, to be asked cell by cell. A flat column has one entry a
// row; a list has one for each element, and one where it is empty or absent. Copies
// share the values. Thread-safe.
class ColumnCells {
 public:
  // `dictionary` is null when the page has no codes. kCorruption when a code is not in
  // the dictionary or the values do not fit the levels.
  static base::Result<ColumnCells> Make(parquet::Page page,
                                        std::shared_ptr<const parquet::Values> dictionary,
                                        const parquet::Column& column);
  // The values of a dictionary as a column: the entry of a code is the code.
  static ColumnCells OfDictionary(std::shared_ptr<const parquet::Values> dictionary);
  // What stands for a column that was not read: nothing may be asked of it.
  static ColumnCells Unread() { return {}; }

  uint32_t row_count() const { return rows_; }
  // The entries of a row: [first_entry(row), first_entry(row + 1)).
  size_t first_entry(size_t row) const { return starts_.empty() ? row : starts_[row]; }
  // The definition level of an entry, as in the file; REQUIRES: the column has any.
  uint8_t definition(size_t entry) const {
    return definition_.empty() ? present_.Has(entry) : definition_[entry];
  }
  // The entry stands for an element of the list, with or without a value.
  bool IsElement(size_t entry) const {
    return definition_.empty() ? present_.Has(entry) : definition_[entry] >= element_;
  }
  bool HasValue(size_t entry) const { return present_.Has(entry); }

  // Values. REQUIRES: HasValue(entry), and the column is of that type.
  std::string_view Bytes(size_t entry) const {
    return std::get<parquet::ByteArrays>(*values_)[PlaceOf(entry)];
  }
  int64_t Int64(size_t entry) const { return Number<int64_t>(entry); }
  int32_t Int32(size_t entry) const { return Number<int32_t>(entry); }
  double Double(size_t entry) const { return Number<double>(entry); }
  bool Bool(size_t entry) const {
    return std::get<parquet::Booleans>(*values_).values[PlaceOf(entry)] != 0;
  }
  bool SameValue(size_t a, size_t b) const;

  // The dictionary, or all values one by one; what an entry's code is an index of.
  const parquet::Values& values() const { return *values_; }
  uint32_t PlaceOf(size_t entry) const {
    const uint32_t value = present_.RankOf(entry);
    return codes_.empty() ? value : codes_[value];
  }
  size_t entry_count() const { return first_entry(rows_); }
  size_t value_count() const { return codes_.empty() ? parquet::CountOf(*values_) : codes_.size(); }
  bool has_codes() const { return !codes_.empty(); }
  bool is_flat() const { return starts_.empty(); }
  // Calls `visit(entry, code)` for the entries that have a value. REQUIRES: has_codes()
  template <typename Visit>
  void ForEachCode(Visit&& visit) const {
    size_t value = 0;
    present_.ForEach(entry_count(), [&](size_t entry) { visit(entry, codes_[value++]); });
  }
  // Calls `visit(entry, place)` for the entries that have a value, `place` being PlaceOf(entry).
  template <typename Visit>
  void ForEachPlace(Visit&& visit) const {
    if (has_codes()) return ForEachCode(visit);
    uint32_t value = 0;
    present_.ForEach(entry_count(), [&](size_t entry) { visit(entry, value++); });
  }
  // REQUIRES: has_codes()
  ColumnCells Dictionary() const { return OfDictionary(values_); }
  // The memory of it, without a dictionary that others have too.
  size_t size_bytes() const;

 private:
  ColumnCells() = default;
  void TakeDefinitions(std::vector<uint8_t> definition, const parquet::Column& column);
  bool TakeRepetitions(const std::vector<uint8_t>& repetition, size_t entries);
  const char* TakeValues(std::variant<parquet::Values, std::vector<uint32_t>> values,
                         std::shared_ptr<const parquet::Values> dictionary, size_t count);

  template <typename T>
  T Number(size_t entry) const {
    return std::get<std::vector<T>>(*values_)[PlaceOf(entry)];
  }

  uint32_t rows_ = 0;
  uint8_t element_ = 0;              // least definition level of an element
  std::vector<uint8_t> definition_;  // by entry; empty: what is present tells all
  std::vector<uint32_t> starts_;     // by row, and the end; empty: one entry a row
  PresentEntries present_;           // and their places among the values
  std::vector<uint32_t> codes_;      // by value; empty: values are not coded
  std::shared_ptr<const parquet::Values> values_;
};

// One page of a column chunk, and the whole of it. `dictionary` is the chunk's: read when it
// is needed and null, and kept for the next page. kCorruption names the column.
base::Result<ColumnCells> ReadCells(const parquet::FileReader& file, size_t row_group,
                                    size_t column, const parquet::PageLocation& page,
                                    std::shared_ptr<const parquet::Values>& dictionary);
base::Result<ColumnCells> ReadCells(const parquet::FileReader& file, size_t row_group,
                                    size_t column, const parquet::PageLocation& page);
base::Result<ColumnCells> ReadCells(const parquet::FileReader& file, size_t row_group,
                                    size_t column,
                                    std::shared_ptr<const parquet::Values> dictionary = nullptr);

}  // namespace clew::store
