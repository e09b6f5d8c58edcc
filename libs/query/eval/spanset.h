// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "query/answer_attribute.h"
#include "query/eval/value.h"

namespace clew::query {

// Some spans of a trace, and what a pipeline found of them.
struct Spanset {
  std::vector<uint32_t> spans;  // ascending, unless they were sorted
  std::vector<AnswerAttribute> attributes{};
};

// With texts of its own.
AnswerAttribute AttributeOf(std::string key, const Value& value);

}  // namespace clew::query
