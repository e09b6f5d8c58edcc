// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "model/span_sink.h"
#include "wire/zipkin_span.h"

namespace clew::wire {

// Something that happened, as whoever it happened to.
struct ZipkinV1Annotation {
  std::optional<int64_t> nanos = 0;  // Unix; unset when it does not fit int64
  std::string_view value{};
  ZipkinEndpoint endpoint;
};

// What later became a tag.
struct ZipkinBinaryAnnotation {
  std::string_view key{};
  model::ValueView value{};
  ZipkinEndpoint endpoint;
};

// A span of Zipkin's version 1 as its readers fill it, whatever it came as. Borrows their text.
struct ZipkinV1Span {
  model::TraceId trace_id;  // readers refuse a body with ids of zeros
  model::SpanId span_id;
  model::SpanId parent_span_id;
  std::string_view name{};
  // Nanoseconds, zero where there is none; unset when they do not fit int64.
  std::optional<int64_t> start = 0;
  std::optional<int64_t> duration = 0;
  std::vector<ZipkinV1Annotation> annotations;
  std::vector<ZipkinBinaryAnnotation> binary_annotations;

  // Of several with one key the last; nullptr when there is none.
  const ZipkinBinaryAnnotation* Find(std::string_view key) const {
    const ZipkinBinaryAnnotation* found = nullptr;
    for (const ZipkinBinaryAnnotation& one : binary_annotations) {
      if (one.key == key) found = &one;
    }
    return found;
  }
};

}  // namespace clew::wire
