// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>

#include "query/eval/value.h"
#include "store/block_schema.h"
#include "store/column_cells.h"
#include "traceql/ast.h"

namespace clew::query {

// The flat column of a block that an intrinsic is, when it is no more than that.
std::optional<store::Intrinsic> FlatColumnOf(traceql::Intrinsic intrinsic);

// What that intrinsic is in an entry of its column that has a value, and where there is none.
Value ReadFlat(traceql::Intrinsic intrinsic, const store::ColumnCells& values, size_t entry);
Value AbsentFlat(traceql::Intrinsic intrinsic);

}  // namespace clew::query
