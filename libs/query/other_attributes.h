// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/result.h"
#include "parquet/values.h"
#include "query/block_rows.h"
#include "traceql/ast.h"

namespace clew::query {

// Which of some keys of `others` are the attribute.
std::vector<bool> AskedOthers(const parquet::Values& keys, const traceql::Attribute& attribute);

// Whether a row of the group may have the attribute without a column of its own.
base::Result<bool> MayBeAmongOthers(const traceql::Attribute& attribute, BlockRows& group);

}  // namespace clew::query
