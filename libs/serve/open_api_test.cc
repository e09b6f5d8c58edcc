// SPDX-License-Identifier: Apache-2.0
#include "serve/open_api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "serve/limits.h"

namespace clew::serve {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr std::string_view kTwoTraces =
    R"([{"traceId":"000000000000000a","id":"0000000000000001","name":"get","timestamp":1,"duration":2},
        {"traceId":"000000000000000b","id":"0000000000000002","name":"put","timestamp":1,"duration":2}])";

TEST(OpenApi, SpansAreThereToBeAsked) {
  const auto file = OpenSpanFile(std::string(kTwoTraces));
  ASSERT_TRUE(file.ok()) << file.error().message;
  EXPECT_EQ(file.value().spans->published_rows(), 2u);
  EXPECT_EQ(DescribeOpened(file.value()).body,
            R"({"format":"Zipkin JSON","spans":2,"rejectedSpans":0,"badRequests":0,"traces":2,)"
            R"("startTimeUnixNano":"1000","endTimeUnixNano":"3000","problems":[]})");
}

TEST(OpenApi, ASingleTraceIsNamed) {
  const auto file = OpenSpanFile(
      R"([{"traceId":"000000000000000a","id":"0000000000000001","timestamp":1,"duration":2}])");
  ASSERT_TRUE(file.ok()) << file.error().message;
  EXPECT_THAT(DescribeOpened(file.value()).body,
              AllOf(HasSubstr(R"("traces":1,)"),
                    HasSubstr(R"("traceID":"0000000000000000000000000000000a")")));
}

TEST(OpenApi, SaysWhatItCouldNotRead) {
  for (const auto& [bytes, what] : {std::pair{"", "the file has no spans"},
                                    {"{}", "the file has no spans"},
                                    {"[{\"traceId\":7}]", "zipkin json: expected a string"}}) {
    const auto file = OpenSpanFile(bytes);
    ASSERT_FALSE(file.ok()) << bytes;
    EXPECT_EQ(file.error().code, base::ErrorCode::kInvalidArgument);
    EXPECT_THAT(file.error().message, HasSubstr(what));
  }
}

}  // namespace
}  // namespace clew::serve
