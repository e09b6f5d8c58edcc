// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "traceql/corpus_fixture.h"

namespace clew::traceql {
namespace {

// Those of `queries` that do not come out so, each with what is wrong with it.
std::vector<std::string> Unlike(std::span<const std::string_view> queries, std::string_view result,
                                Dialect dialect = Dialect::kTempo) {
  std::vector<std::string> unlike;
  for (const std::string_view query : queries) {
    const std::string got = ResultOf(query, dialect);
    if (got == result) continue;
    unlike.push_back(std::string(query) + " is " + got + ": " + MessageOf(query, dialect));
  }
  return unlike;
}

TEST(Corpus, ValidQueriesAreOk) {
  EXPECT_THAT(Unlike(ValidQueries(), "ok"), testing::IsEmpty());
  EXPECT_THAT(Unlike(ValidQueries(), "ok", Dialect::kClew), testing::IsEmpty());
}

TEST(Corpus, MisspeltQueriesDoNotParse) {
  EXPECT_THAT(Unlike(MisspeltQueries(), "parse_error"), testing::IsEmpty());
  EXPECT_THAT(Unlike(MisspeltQueries(), "parse_error", Dialect::kClew), testing::IsEmpty());
}

TEST(Corpus, InvalidQueriesParseButMeanNothing) {
  EXPECT_THAT(Unlike(InvalidQueries(), "invalid"), testing::IsEmpty());
  EXPECT_THAT(Unlike(InvalidQueries(), "invalid", Dialect::kClew), testing::IsEmpty());
}

TEST(Corpus, UnsupportedQueriesAreSo) {
  EXPECT_THAT(Unlike(UnsupportedQueries(), "unsupported"), testing::IsEmpty());
}

TEST(Corpus, OwnQueriesAreOkForUsAlone) {
  EXPECT_THAT(Unlike(OwnQueries(), "ok", Dialect::kClew), testing::IsEmpty());
  for (const std::string_view query : OwnQueries()) EXPECT_NE(ResultOf(query), "ok") << query;
}

}  // namespace
}  // namespace clew::traceql
