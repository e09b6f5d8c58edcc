// SPDX-License-Identifier: Apache-2.0
#include "serve/logfmt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace clew::serve {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST(Logfmt, ReadsPlainAndQuotedValues) {
  EXPECT_THAT(ParseLogfmt(R"( a=1  os.type="linux" b="x \"y\"\n" )").value(),
              ElementsAre(Pair("a", "1"), Pair("os.type", "linux"), Pair("b", "x \"y\"\n")));
}

TEST(Logfmt, AKeyAloneHasTheEmptyValue) {
  EXPECT_THAT(ParseLogfmt("error a=").value(), ElementsAre(Pair("error", ""), Pair("a", "")));
  EXPECT_TRUE(ParseLogfmt("  ").value().empty());
}

TEST(Logfmt, SaysWhereItIsWrong) {
  EXPECT_EQ(ParseLogfmt("=1").error().message, "unexpected '=' at pos 1");
  EXPECT_EQ(ParseLogfmt("a=b=c").error().message, "unexpected '=' at pos 4");
  EXPECT_EQ(ParseLogfmt("a\"=1").error().message, "unexpected '\"' at pos 2");
  EXPECT_EQ(ParseLogfmt("a=\"b").error().message, "unterminated quoted value at pos 3");
  EXPECT_EQ(ParseLogfmt("a=\"b\"c").error().message, "unexpected 'c' at pos 6");
  EXPECT_EQ(ParseLogfmt("a=\"b\\").error().message, "unterminated quoted value at pos 3");
}

}  // namespace
}  // namespace clew::serve
