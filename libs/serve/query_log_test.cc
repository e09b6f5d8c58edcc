// SPDX-License-Identifier: Apache-2.0
#include "serve/query_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "base/log.h"
#include "serve/limits.h"

using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;

namespace clew::serve {
namespace {

using std::chrono::milliseconds;

QueryRecord Record(const std::string& query, milliseconds took) {
  return {.tenant = "t", .call = "/api/search", .query = query, .took = took};
}

auto QueryIs(const std::string& query) {
  return Field(&QueryRecord::query, query);
}

class QueryLogTest : public testing::Test {
 protected:
  QueryLogTest() { base::SetLogSilent(); }
  QueryLog log_{milliseconds(100)};
};

TEST_F(QueryLogTest, RemembersTheSlowestFirstAndTheLastFirst) {
  log_.Note(Record("a", milliseconds(200)));
  log_.Note(Record("quick", milliseconds(99)));
  log_.Note(Record("b", milliseconds(300)));
  log_.Note(Record("c", milliseconds(100)));
  const QueryLog::Remembered remembered = log_.remembered();
  EXPECT_THAT(remembered.slowest, ElementsAre(QueryIs("b"), QueryIs("a"), QueryIs("c")));
  EXPECT_THAT(remembered.last, ElementsAre(QueryIs("c"), QueryIs("b"), QueryIs("a")));
  EXPECT_EQ(remembered.queries, 4u);
  EXPECT_EQ(remembered.slow_queries, 3u);
}

TEST_F(QueryLogTest, RemembersSoManyOnly) {
  for (size_t i = 0; i < 2 * kRememberedQueries; ++i) {
    log_.Note(Record(std::to_string(i), milliseconds(1000 - i)));
  }
  const QueryLog::Remembered remembered = log_.remembered();
  EXPECT_EQ(remembered.slowest.size(), kRememberedQueries);
  EXPECT_EQ(remembered.slowest.front().query, "0");
  EXPECT_EQ(remembered.last.size(), kRememberedQueries);
  EXPECT_EQ(remembered.last.front().query, std::to_string(2 * kRememberedQueries - 1));
}

TEST_F(QueryLogTest, CountsErrorsOfTheServer) {
  QueryRecord wrong = Record("wrong", milliseconds(1));
  wrong.status = 400;
  log_.Note(wrong);
  wrong.status = 504;
  log_.Note(wrong);
  EXPECT_EQ(log_.remembered().failed_queries, 1u);
  EXPECT_THAT(log_.remembered().slowest, IsEmpty());
}

TEST(QueryLine, IsOneLineWhateverTheQuery) {
  QueryRecord record = Record("q={ name = \"a\nb\\\" }", milliseconds(12));
  record.counters.bytes = 7;
  record.results = 3;
  EXPECT_EQ(LineOf(record),
            R"(tenant=t call=/api/search query="q={ name = \"a b\\\" }" ms=12.0 bytes=7 blocks=0 )"
            R"(spans=0 traces=0 memory_bytes=0 results=3 status=200)");
}

}  // namespace
}  // namespace clew::serve
