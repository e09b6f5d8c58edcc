// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// What two answers of the query API say that the check asks for. kCorruption where they are not
// what such answers are.
namespace clew::check {

// The traces of GET /api/search, as the answer writes their ids.
base::Result<std::vector<std::string>> ReadFoundTraces(std::string_view json);

// The samples of GET /api/metrics/query_range, of all series and times together.
base::Result<uint64_t> ReadSampleSum(std::string_view json);

}  // namespace clew::check
