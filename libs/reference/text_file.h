// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "reference/text_spans.h"

// Tests of the query language as text files: spans, then queries and what each must answer.
// tests/query/README.md shows one.
namespace clew::reference {

// What is asked beside the query. Times are after kTextStartNs.
struct TextOptions {
  std::optional<int64_t> from_ns{};
  std::optional<int64_t> to_ns{};
  std::optional<int64_t> step_ns{};
  std::optional<int64_t> horizon_ns{};
  size_t limit = 20;
  size_t spss = 0;  // spans per spanset, 0: all
  size_t exemplars = 0;
  bool instant = false;
  bool show_attributes = false;  // of each span
  bool show_summary = false;     // of each trace: root, start, duration
  bool show_services = false;    // of each trace
};

struct TextCase {
  size_t line = 0;  // of the query
  std::string query;
  TextOptions options;
  std::vector<std::string> expected;
};

struct TextFile {
  TextSpans spans;
  std::vector<TextCase> cases;
};

// The error begins with the number of the line that is wrong: `12: no duration: 5parsec`.
base::Result<TextFile> ParseTextFile(std::string_view text);

}  // namespace clew::reference
