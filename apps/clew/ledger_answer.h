// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// Where the time of a trace or of many went, read from the answers of the query API.
namespace clew {

struct LedgerAnswer {
  struct Row {
    std::string label, category;
    uint64_t nanos = 0, drag_nanos = 0, ambiguous_nanos = 0;
    uint64_t share = 0;  // whole per cent
    uint64_t span_count = 0;
    std::optional<uint64_t> usual_nanos{};
    // Of a call path: how many are above it, and its time with that of all below it.
    uint64_t depth = 0, subtree_nanos = 0;
  };
  // What is more frequent in a set than in another.
  struct Attribute {
    std::string key;
    std::optional<std::string> value{};  // none: to have none
    double share = 0, usual_share = 0;   // of the traces
    uint64_t copies = 0;                 // others on the same traces
  };
  struct Example {
    std::string trace_id;
    uint64_t nanos = 0;
  };

  std::string verdict;
  std::vector<std::string> notes{};
  std::string root{};  // service and operation; empty: it was not received
  int64_t start_unix_nano = 0;
  uint64_t nanos = 0;   // of the trace, or of all traces
  uint64_t traces = 0;  // of a set; 0: it is of one trace
  bool by_path = false;
  std::vector<Row> rows{};                    // the largest first; of call paths, left heavy
  std::vector<Attribute> attributes{};        // of a comparison, what explains most first
  std::optional<Example> typical{}, usual{};  // traces of the set, and of the other
  uint64_t rest_rows = 0, rest_nanos = 0, rest_share = 0;
  std::optional<uint64_t> usual_nanos{};  // of the usual trace; nullopt: it is not known

  bool knows_usual_rows() const {
    return std::ranges::any_of(rows, [](const Row& row) { return row.usual_nanos.has_value(); });
  }
};

// kCorruption when the text is no such answer.
base::Result<LedgerAnswer> ReadLedger(std::string_view json);

}  // namespace clew
