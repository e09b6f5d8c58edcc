// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "reference/assembled_trace.h"
#include "reference/field_value.h"
#include "traceql/ast.h"

namespace clew::reference {

// A span where it stands.
struct SpanInTrace {
  const AssembledTrace* trace = nullptr;
  size_t place = 0;

  const Span& span() const { return *trace->spans[place]; }
};

FieldValue ValueOf(const traceql::Attribute& attribute, const SpanInTrace& span);
FieldValue ValueOf(traceql::Intrinsic intrinsic, const SpanInTrace& span);

// Hex digits as trace ids are compared: without leading zeros.
std::string WithoutLeadingZeros(std::string hex);

}  // namespace clew::reference
