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

TEST(SpanId, AllZerosIsNotValid) {
  EXPECT_FALSE(SpanId::FromHex("0")->IsValid());
  EXPECT_TRUE(SpanId::FromHex("1")->IsValid());
}

}  // namespace
}  // namespace clew::model
