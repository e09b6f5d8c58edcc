// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/result.h"
#include "reference/span.h"

// The spans of a text test, a tree by indentation:
//
//   trace 1 @2s
//     a 100ms name="GET /" kind=server resource.service.name="shop"
//       b @10ms 50ms .code=200 status=error
//         event "exception" @5ms event.type="Timeout"
//         link "2" "5" link.why="retry"
//
// A span begins with a letter of its own within the trace, which is also its name unless it
// has another. @ is its start after that of the trace, which is after kTextStartNs; without
// one it starts with the trace. Spans are numbered in the order of the file, and that number
// is their id. `id="…"` and `parent="…"` (hex) make what no tree can have.
namespace clew::reference {

// A whole hour.
inline constexpr int64_t kTextStartNs = int64_t{1'699'999'200} * 1'000'000'000;

struct TextSpans {
  std::vector<Trace> traces{};

  // The letter of a span; `?` when there is no such span.
  std::string LetterOf(const model::TraceId& trace, const model::SpanId& span, int64_t start_ns,
                       const std::string& name) const;

  using Identity = std::tuple<model::TraceId, model::SpanId, int64_t, std::string>;
  std::map<Identity, std::string> letters{};
};

// Reads the lines one by one.
class TextSpansReader {
 public:
  base::Status Add(std::string_view line);
  // After the last line.
  TextSpans Take() &&;

 private:
  // A line of a span, by which those below find what they belong to.
  struct Open {
    size_t indentation;
    size_t span;  // in the last trace
  };

  base::Status AddTrace(const std::vector<std::string>& words);
  base::Status AddSpan(size_t indentation, const std::vector<std::string>& words);
  base::Status AddEvent(const std::vector<std::string>& words);
  base::Status AddLink(const std::vector<std::string>& words);

  TextSpans spans_;
  int64_t trace_start_ns_ = kTextStartNs;
  std::vector<Open> open_;
};

}  // namespace clew::reference
