// SPDX-License-Identifier: Apache-2.0
#include "model/ids.h"

#include <gtest/gtest.h>

namespace clew::model {
namespace {

TEST(TraceId, ShortHexIsPaddedOnTheLeft) {
  EXPECT_EQ(TraceId::FromHex("745400F204181422")->ToHex(), "0000000000000000745400f204181422");
  EXPECT_EQ(TraceId::FromHex("a")->ToHex(), "0000000000000000000000000000000a");
}

TEST(TraceId, RefusesWhatIsNoHexOfAtMost32Digits) {
  EXPECT_FALSE(TraceId::FromHex(""));
  EXPECT_FALSE(TraceId::FromHex("xyz"));
  EXPECT_FALSE(TraceId::FromHex(std::string(33, '1')));
}

TEST(Ids, AreOrderedAsBigEndianNumbers) {
  // Each is below the next; in a number of the other order it would not be.
  const char* const ascending[] = {"1",
                                   "ff",
                                   "100",
                                   "ffffffffffffffff",
                                   "10000000000000000",
                                   "80000000000000000000000000000000",
                                   "ff000000000000000000000000000000"};
  for (size_t i = 1; i < std::size(ascending); ++i) {
    EXPECT_LT(*TraceId::FromHex(ascending[i - 1]), *TraceId::FromHex(ascending[i]));
    EXPECT_NE(*TraceId::FromHex(ascending[i - 1]), *TraceId::FromHex(ascending[i]));
  }
  EXPECT_LT(*SpanId::FromHex("ff"), *SpanId::FromHex("100"));
  EXPECT_LT(*SpanId::FromHex("7fffffffffffffff"), *SpanId::FromHex("8000000000000000"));
  EXPECT_EQ(*SpanId::FromHex("8000000000000000"), *SpanId::FromHex("8000000000000000"));
}

TEST(SpanId, AllZerosIsNotValid) {
  EXPECT_FALSE(SpanId::FromHex("0")->IsValid());
  EXPECT_TRUE(SpanId::FromHex("1")->IsValid());
}

}  // namespace
}  // namespace clew::model
