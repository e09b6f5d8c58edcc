// SPDX-License-Identifier: Apache-2.0
// Holds docs/traceql.md to what it says.
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "traceql/corpus_fixture.h"

namespace clew::traceql {
namespace {

TEST(Document, ShowsQueriesThatAreOk) {
  std::ifstream document(CLEW_DOCS "/traceql.md");
  int examples = 0;
  bool inside = false;
  for (std::string line; std::getline(document, line);) {
    if (line.starts_with("```")) {
      inside = line == "```traceql";
    } else if (inside) {
      ++examples;
      EXPECT_EQ(ResultOf(line, Dialect::kClew), "ok") << line << MessageOf(line, Dialect::kClew);
    }
  }
  EXPECT_GE(examples, 10);
}

}  // namespace
}  // namespace clew::traceql
