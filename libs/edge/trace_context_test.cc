// SPDX-License-Identifier: Apache-2.0
#include "edge/trace_context.h"

#include <gtest/gtest.h>

namespace clew::edge {
namespace {

TEST(UberTraceId, ReadsShortAndLongIdsAndEscapedColons) {
  const auto context = ParseUberTraceId("5737c004a641f5eb:1f1e2d6167105390:0:1");
  ASSERT_TRUE(context);
  EXPECT_EQ(context->trace_id.ToHex(), "00000000000000005737c004a641f5eb");
  EXPECT_TRUE(context->sampled());
  EXPECT_EQ(ParseUberTraceId("0123456789abcdef0123456789abcdef%3Aa%3A0%3A3")->flags, 3);
  EXPECT_EQ(ParseUberTraceId("1:2::0")->span_id.ToHex(), "0000000000000002");
}

TEST(UberTraceId, RefusesWhatNamesNoSpan) {
  for (const char* value : {"", "1:2:3", "0:2:0:1", "1:0:0:1", "1:2:0:", "1:2:0:1:5", "x:2:0:1",
                            "1:2:0:100", "1:2:0:z"}) {
    EXPECT_FALSE(ParseUberTraceId(value)) << value;
  }
}

TEST(UberTraceId, WritesSixteenDigitsFor64BitTraces) {
  const auto context = ParseUberTraceId("abc:2:0:1");
  EXPECT_EQ(FormatUberTraceId(*context, *model::SpanId::FromHex("7")),
            "0000000000000abc:0000000000000002:0000000000000007:1");
  const auto wide = ParseUberTraceId("10000000000000000000000000000abc:2:0:1");
  EXPECT_EQ(FormatUberTraceId(*wide, {}),
            "10000000000000000000000000000abc:0000000000000002:0000000000000000:1");
}

}  // namespace
}  // namespace clew::edge
