// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "traceql/operators.h"
#include "traceql/static.h"

namespace clew::reference {

// An integer, or the nanoseconds of a duration.
std::optional<int64_t> WholeOf(const traceql::Static& value);
// Any number as a float; a duration in nanoseconds.
std::optional<double> NumberOf(const traceql::Static& value);
// Any number as a sample of a series; a duration in seconds.
std::optional<double> SampleOf(const traceql::Static& value);

// Integers and durations give an integer, or a duration when one of them is; with a float
// all is computed in floats and gives one. Nothing when a side is no number, when integers
// overflow or are divided by zero.
std::optional<traceql::Static> Compute(traceql::BinaryOperator op, const traceql::Static& left,
                                       const traceql::Static& right);
std::optional<traceql::Static> Negate(const traceql::Static& value);

}  // namespace clew::reference
