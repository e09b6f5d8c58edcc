// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "parquet/metadata.h"
#include "parquet/schema.h"

namespace clew::parquet {

// What a file says of the bounds of a column, made to hold for every value in the order of
// the type, whoever wrote it: bounds of another order, of a wrong size, and NaNs are left
// out, and a zero bounds both zeros. `ordered`: the file says that it has the type's order.
Statistics TrustedBounds(Statistics told, const Column& column, bool ordered);

}  // namespace clew::parquet
