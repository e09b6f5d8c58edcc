// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "reference/assembled_trace.h"
#include "reference/field_value.h"

namespace clew::reference {

// What by() and the aggregates say of a spanset, by the text of their expressions.
struct NamedValue {
  std::string name;
  FieldValue value;
};

// Places of spans of one trace, each once. In the order of the trace unless sorted.
struct Spanset {
  std::vector<size_t> spans{};
  std::vector<NamedValue> values{};
};

// Sets the value of that name, in its old place if there is one.
void SetValue(std::vector<NamedValue>& values, NamedValue value);

// What a pipeline has left of a trace: one spanset or more, none of them empty.
struct TraceMatch {
  const AssembledTrace* trace = nullptr;
  std::vector<Spanset> spansets{};
};

// In the order in which traces are returned.
using Matches = std::vector<TraceMatch>;

}  // namespace clew::reference
