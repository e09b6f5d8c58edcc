// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "query/eval/value.h"
#include "query/search.h"
#include "traceql/static.h"

namespace clew::query {

// Some spans of a trace, and what a pipeline found of them.
struct Spanset {
  std::vector<uint32_t> spans;  // ascending, unless they were sorted
  std::vector<AnswerAttribute> attributes{};
};

// With texts of their own.
std::vector<traceql::Static> OwnedOf(const Value& value);

}  // namespace clew::query
