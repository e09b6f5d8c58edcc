// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace clew::serve {

// Which span a request belongs to, in lower-case hex. Views lie in what was read.
struct Traceparent {
  std::string_view trace_id, span_id;
  bool is_sampled = false;
};

// Of the header traceparent of W3C's Trace Context; nullopt when it is none.
std::optional<Traceparent> ParseTraceparent(std::string_view header);

}  // namespace clew::serve
