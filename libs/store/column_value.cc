// SPDX-License-Identifier: Apache-2.0
#include "store/column_value.h"

#include <vector>

#include "store/array_value.h"

namespace clew::store {

using model::ValueView;

ValueView ValueOfEntry(const ColumnCells& cells, ColumnType type, size_t entry) {
  switch (type) {
    case ColumnType::kString:
    case ColumnType::kStringArray:
      return ValueView::String(cells.Bytes(entry));
    case ColumnType::kInt:
    case ColumnType::kIntArray:
      return ValueView::Int(cells.Int64(entry));
    case ColumnType::kDouble:
    case ColumnType::kDoubleArray:
      return ValueView::Double(cells.Double(entry));
    case ColumnType::kBool:
    case ColumnType::kBoolArray:
      break;
  }
  return ValueView::Bool(cells.Bool(entry));
}

std::optional<std::string> ArrayOfRow(const ColumnCells& cells, ColumnType type, size_t row) {
  std::vector<ValueView> elements;
  for (size_t entry = cells.first_entry(row); entry < cells.first_entry(row + 1); ++entry) {
    if (cells.HasValue(entry)) elements.push_back(ValueOfEntry(cells, type, entry));
  }
  if (elements.empty()) return std::nullopt;  // Empty arrays have no column.
  return EncodeArray(elements);
}

}  // namespace clew::store
