// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

// Answers of the query API, read from their JSON.
namespace clew {

struct FoundTrace {
  std::string trace_id, service, name;
  int64_t start_unix_nano = 0;
  int64_t duration_ms = 0;
  uint64_t matched_spans = 0;
  // What the query mentions, with the values that its spans have, each once.
  std::vector<std::pair<std::string, std::vector<std::string>>> attributes{};
  std::string json;  // as it was in the answer

  // "a, b"; empty when no span has it.
  std::string ValueOf(std::string_view attribute) const;
};

struct FoundSeries {
  std::vector<std::pair<std::string, std::string>> labels{};
  struct Sample {
    int64_t unix_ms = 0;
    double value = 0;
  };
  std::vector<Sample> samples{};  // in the order of time
};

// kCorruption when the text is no such answer.
base::Result<std::vector<FoundTrace>> ReadTraces(std::string_view json);
base::Result<std::vector<FoundSeries>> ReadSeries(std::string_view json);

}  // namespace clew
