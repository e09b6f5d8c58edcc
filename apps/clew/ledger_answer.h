// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// Where the time of a trace went, read from the answer of the query API.
namespace clew {

struct LedgerAnswer {
  struct Row {
    std::string label, category;
    uint64_t nanos = 0, drag_nanos = 0, ambiguous_nanos = 0;
    uint64_t share = 0;  // whole per cent
    uint64_t span_count = 0;
  };

  std::string verdict;
  std::vector<std::string> notes{};
  std::string root{};  // service and operation; empty: it was not received
  int64_t start_unix_nano = 0;
  uint64_t nanos = 0;
  std::vector<Row> rows{};  // the largest first
  uint64_t rest_rows = 0, rest_nanos = 0, rest_share = 0;
};

// kCorruption when the text is no such answer.
base::Result<LedgerAnswer> ReadLedger(std::string_view json);

}  // namespace clew
