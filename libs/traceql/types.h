// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "traceql/operators.h"
#include "traceql/static.h"

namespace clew::traceql {

// What an expression gives. kAny: an attribute, whose type is that of each span's value.
enum class Type : uint8_t {
  kAny,
  kNil,
  kInt,
  kFloat,
  kDuration,
  kString,
  kBool,
  kStatus,
  kKind,
};

Type TypeOf(const Static& value);

// kAny may turn out to be a number, a boolean, and so on.
bool MayBeNumber(Type type);
bool MayBe(Type type, Type wanted);

// Whether values of the two can stand on both sides of an operator.
bool Agree(Type left, Type right);

// Whether the operator has a meaning for a value of that type.
bool Takes(BinaryOperator op, Type type);

// REQUIRES: Agree(left, right), and the operator takes both
Type TypeOf(BinaryOperator op, Type left, Type right);

}  // namespace clew::traceql
