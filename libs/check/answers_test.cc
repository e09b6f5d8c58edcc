// SPDX-License-Identifier: Apache-2.0
#include "check/answers.h"

#include <gmock/gmock.h>

namespace clew::check {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(ReadFoundTraces, ReadsTheIds) {
  EXPECT_THAT(
      ReadFoundTraces(R"({"traces":[{"traceID":"a1"},{"durationMs":3,"traceID":"b2"}]})").value(),
      ElementsAre("a1", "b2"));
  EXPECT_THAT(ReadFoundTraces(R"({"traces":[],"metrics":{}})").value(), IsEmpty());
}

TEST(ReadFoundTraces, RefusesWhatIsNoSuchAnswer) {
  for (const char* json : {"", "[]", "{}", R"({"traces":{}})", R"({"traces":[{}]})",
                           R"({"traces":[{"traceID":7}]})"}) {
    EXPECT_FALSE(ReadFoundTraces(json).ok()) << json;
  }
}

TEST(ReadSampleSum, AddsTheSamplesOfAllSeries) {
  constexpr char kAnswer[] =
      R"({"series":[{"labels":[],"samples":[{"timestampMs":"1","value":3},{"value":0}]},)"
      R"({"samples":[{"value":4},{"timestampMs":"2"}]},{}]})";
  EXPECT_EQ(ReadSampleSum(kAnswer).value(), 7u);
  EXPECT_EQ(ReadSampleSum(R"({"series":[]})").value(), 0u);
}

TEST(ReadSampleSum, RefusesWhatIsNoCount) {
  for (const char* sample : {"-1", R"("NaN")", "true", "1e300"}) {
    const std::string json = R"({"series":[{"samples":[{"value":)" + std::string(sample) + "}]}]}";
    EXPECT_FALSE(ReadSampleSum(json).ok()) << json;
  }
}

}  // namespace
}  // namespace clew::check
