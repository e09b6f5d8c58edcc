// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "model/span_sink.h"
#include "store/column_cells.h"
#include "store/column_names.h"

namespace clew::store {

// The value of an entry of a column that holds an attribute of that type; of a list,
// of one of its elements. REQUIRES: the entry has a value.
model::ValueView ValueOfEntry(const ColumnCells& cells, ColumnType type, size_t entry);

// The array in a row of a LIST column, as the OTLP encoding of ArrayValue; nullopt when
// the row has none.
std::optional<std::string> ArrayOfRow(const ColumnCells& cells, ColumnType type, size_t row);

}  // namespace clew::store
