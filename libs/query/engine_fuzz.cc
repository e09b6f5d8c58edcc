// SPDX-License-Identifier: Apache-2.0
// Property: the engine answers a valid query over small random data as the reference does,
// wherever the spans lie. The first two bytes choose the data, the others are the query; where
// they are none, they choose one at random.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "query/engine_comparison_fixture.h"
#include "query/random_traceql_fixture.h"

namespace {

using clew::query::EngineComparison;
using clew::query::RandomTraceql;

// The reference takes its time with long ones.
constexpr size_t kMostQueryBytes = 400;

void Demand(const std::optional<EngineComparison::Outcome>& outcome) {
  if (!outcome || outcome->difference.empty()) return;
  std::fprintf(stderr, "%s\n", outcome->difference.c_str());
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  EngineComparison engine(uint64_t{data[0]} << 8 | data[1]);
  const std::string text(reinterpret_cast<const char*>(data) + 2, size - 2);
  if (text.size() <= kMostQueryBytes) {
    const auto found = engine.Search(text);
    const auto computed = engine.Metrics(text);
    Demand(found);
    Demand(computed);
    if (found || computed) return 0;
  }
  RandomTraceql random(std::hash<std::string_view>()(text));
  Demand(engine.Search(random.Search()));
  Demand(engine.Metrics(random.Metrics()));
  return 0;
}
