// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/span_sink.h"

namespace clew::wire {

// Who took part, at one end.
struct ZipkinEndpoint {
  std::string_view service{};
  std::string ip{};  // as text, "10.0.0.1"; of two addresses the one of version 4
  int64_t port = 0;  // 0: not known
};

struct ZipkinAnnotation {
  std::optional<int64_t> nanos = 0;  // Unix; unset when it does not fit int64
  std::string_view value{};
};

// A span of Zipkin's version 2 as its readers fill it, whatever it came as. Borrows their text.
struct ZipkinSpan {
  // Unset when they are absent or none.
  std::optional<model::TraceId> trace_id{};
  std::optional<model::SpanId> span_id{};
  std::optional<model::SpanId> parent_span_id = model::SpanId();  // unset when it is none
  model::SpanKind kind = model::SpanKind::kUnspecified;
  std::string_view name{};
  // Nanoseconds; unset when they do not fit int64.
  std::optional<int64_t> start = 0;
  std::optional<int64_t> duration = 0;
  ZipkinEndpoint local, remote;
  std::vector<ZipkinAnnotation> annotations;
  std::vector<std::pair<std::string_view, std::string_view>> tags;

  // Of several tags with one key the last; empty when there is none. REQUIRES: !key.empty()
  std::string_view Tag(std::string_view key) const {
    std::string_view found;
    for (const auto& [name_of_tag, value_of_tag] : tags) {
      const bool same_size = name_of_tag.size() == key.size();
      if (same_size && name_of_tag.starts_with(key.front()) && name_of_tag == key) {
        found = value_of_tag;
      }
    }
    return found;
  }
};

}  // namespace clew::wire
