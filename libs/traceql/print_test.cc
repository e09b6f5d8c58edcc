// SPDX-License-Identifier: Apache-2.0
#include "traceql/print.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "traceql/corpus_fixture.h"

namespace clew::traceql {
namespace {

void ExpectFixedPoint(std::span<const std::string_view> queries) {
  for (const std::string_view query : queries) {
    const std::string once = Canonical(query);
    EXPECT_EQ(Canonical(once), once) << query;
  }
}

TEST(Print, GivesATextThatPrintsTheSame) {
  ExpectFixedPoint(ValidQueries());
  ExpectFixedPoint(OwnQueries());
  ExpectFixedPoint(InvalidQueries());
  ExpectFixedPoint(UnsupportedQueries());
}

}  // namespace
}  // namespace clew::traceql
