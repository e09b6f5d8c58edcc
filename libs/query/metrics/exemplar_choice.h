// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "query/metrics/series.h"

namespace clew::query {

// Of which samples a span is shown, so many in all: by series, its intervals. Where more series
// than that have samples of spans, as many of them give one, and they lie evenly among all; else
// each gives one in turn. A series gives intervals that lie evenly among those it has, and each
// series begins a little further on than the one before. `zeros` says that a sample of 0 is one
// of spans too.
std::vector<std::vector<uint32_t>> ChooseExemplars(const std::vector<Series>& series, size_t budget,
                                                   bool zeros);

}  // namespace clew::query
