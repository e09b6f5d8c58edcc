// SPDX-License-Identifier: Apache-2.0
#include "serve/go_duration.h"

#include <gtest/gtest.h>

namespace clew::serve {
namespace {

std::string DurationErrorOf(std::string_view text) {
  return ParseGoDuration(text).error().message;
}

TEST(GoDuration, ReadsUnitsFractionsAndSums) {
  EXPECT_EQ(ParseGoDuration("300ms").value(), 300'000'000);
  EXPECT_EQ(ParseGoDuration("1.5s").value(), 1'500'000'000);
  EXPECT_EQ(ParseGoDuration("1h30m").value(), 5'400'000'000'000);
  EXPECT_EQ(ParseGoDuration("7\xc2\xb5s").value(), 7000);
  EXPECT_EQ(ParseGoDuration(".5us").value(), 500);
  EXPECT_EQ(ParseGoDuration("-2ns").value(), -2);
  EXPECT_EQ(ParseGoDuration("0").value(), 0);
}

TEST(GoDuration, IsExactToItsLimits) {
  EXPECT_EQ(ParseGoDuration("2540400h10m10.000000001s").value(), 9'145'440'610'000'000'001);
  EXPECT_EQ(ParseGoDuration("9223372036854775807ns").value(), INT64_MAX);
  EXPECT_EQ(ParseGoDuration("-9223372036854775808ns").value(), INT64_MIN);
  EXPECT_FALSE(ParseGoDuration("9223372036854775808ns").ok());
  EXPECT_FALSE(ParseGoDuration("9223372036854775807.9us").ok());
  EXPECT_FALSE(ParseGoDuration("9223372036854775807ns1ns").ok());
  EXPECT_FALSE(ParseGoDuration("9223372036854775808ns9223372036854775808ns").ok());
}

TEST(GoDuration, DropsWhatIsLessThanANanosecond) {
  EXPECT_EQ(ParseGoDuration("1.9ns").value(), 1);
  EXPECT_EQ(ParseGoDuration("0.33333333333333333333h").value(), 1'200'000'000'000);
}

TEST(GoDuration, ExplainsErrorsAsGoDoes) {
  EXPECT_EQ(DurationErrorOf(""), "time: invalid duration \"\"");
  EXPECT_EQ(DurationErrorOf("abc"), "time: invalid duration \"abc\"");
  EXPECT_EQ(DurationErrorOf("5"), "time: missing unit in duration \"5\"");
  EXPECT_EQ(DurationErrorOf("5x"), "time: unknown unit \"x\" in duration \"5x\"");
  EXPECT_EQ(DurationErrorOf("99999999999h"), "time: invalid duration \"99999999999h\"");
}

}  // namespace
}  // namespace clew::serve
