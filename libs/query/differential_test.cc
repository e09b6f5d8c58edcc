// SPDX-License-Identifier: Apache-2.0
// Random queries over random traces: the engine gives the answers of the reference, wherever
// the spans lie.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <string>

#include "base/test_effort.h"
#include "query/engine_comparison_fixture.h"
#include "query/random_traceql_fixture.h"

namespace clew::query {
namespace {

// CLEW_SEED starts at another seed, to look into a failure or to go on from there.
uint64_t FirstSeed() {
  const char* const text = std::getenv("CLEW_SEED");
  return text == nullptr ? 1 : std::strtoull(text, nullptr, 10);
}

TEST(Differential, TheEngineAnswersAsTheReference) {
  constexpr int kQueriesOfSeed = 200;
  uint64_t queries = 0;
  uint64_t found_something = 0;
  std::map<std::string, uint64_t> used;
  const uint64_t first = FirstSeed();
  for (uint64_t seed = first; seed < first + base::TestRounds(620, 6200); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    EngineComparison one(seed);
    RandomTraceql texts(seed);
    for (int i = 0; i < kQueriesOfSeed; ++i) {
      const auto outcome = i % 3 == 0 ? one.Metrics(texts.Metrics()) : one.Search(texts.Search());
      if (!outcome) continue;
      ++queries;
      if (outcome->found_something) ++found_something;
      ASSERT_EQ(outcome->difference, "");
    }
    for (const auto& [word, count] : texts.used()) used[word] += count;
  }
  std::cout << queries << " queries, of which " << found_something * 100 / queries
            << " % found something;";
  for (const auto& [word, count] : used) std::cout << "  " << word << " " << count;
  std::cout << "\n";
  EXPECT_GE(queries, base::TestRounds(100'000, 1'000'000));
  EXPECT_GT(found_something * 10, queries * 6);
}

}  // namespace
}  // namespace clew::query
