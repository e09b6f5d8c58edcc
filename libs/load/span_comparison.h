// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "load/span_texts.h"

namespace clew::load {

// How the spans that were read differ from those that were sent.
struct SpanDifferences {
  uint64_t missing = 0;
  uint64_t extra = 0;  // not sent, or there more than once
  uint64_t twice = 0;  // of `extra`, those whose id is there already
  uint64_t changed = 0;

  bool none() const { return missing + extra + changed == 0; }
};

// Compares spans, each list ordered. `tell` gets a line for each difference.
SpanDifferences CompareSpans(const std::vector<SpanText>& sent, const std::vector<SpanText>& read,
                             const std::function<void(std::string)>& tell);

// The spans in an encoded TraceByIDResponse { 1: TracesData }, ordered.
// kInvalidArgument when it is malformed or has a span that cannot be.
base::Result<std::vector<SpanText>> ReadTraceResponse(std::string_view response);

}  // namespace clew::load
