// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "base/result.h"
#include "query/block_rows.h"

namespace clew::query {

// A flat column of a row group, by its codes where it has any: then only these are kept in
// memory. Cheap to copy; holds for as long as the group. Thread-safe.
class RowColumn {
 public:
  static base::Result<RowColumn> Open(BlockRows& group, size_t column) {
    const store::CodedRows* const coded = TRY(group.Coded(column));
    if (coded != nullptr) return RowColumn(coded, &coded->values());
    return RowColumn(nullptr, TRY(group.Cells(column)));
  }

  bool HasValue(size_t row) const {
    return coded_ == nullptr ? values_->HasValue(row) : coded_->CodeOf(row) != coded_->absent();
  }
  // Where the value of a row is among the values. REQUIRES: HasValue(row)
  const store::ColumnCells& values() const { return *values_; }
  size_t EntryOf(size_t row) const { return coded_ == nullptr ? row : coded_->CodeOf(row); }

 private:
  RowColumn(const store::CodedRows* coded, const store::ColumnCells* values)
      : coded_(coded), values_(values) {}

  const store::CodedRows* coded_;  // null: entries are rows
  const store::ColumnCells* values_;
};

}  // namespace clew::query
