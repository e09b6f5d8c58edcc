// SPDX-License-Identifier: Apache-2.0
#include "base/log_fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/json_text.h"
#include "base/log.h"

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

namespace clew::base {
namespace {

// What is written to standard error meanwhile.
template <typename Write>
std::string Written(Write write) {
  testing::internal::CaptureStderr();
  write();
  return testing::internal::GetCapturedStderr();
}

class LogFieldsTest : public testing::Test {
 protected:
  ~LogFieldsTest() override { SetLogFormat(LogFormat::kText); }
  const std::vector<LogField> fields_ = {
      {.name = "tenant", .value = "shop"},
      {.name = "query", .value = "{a=\"b\"}", .is_content = true},
      {.name = "ms", .value = 12.54},
      {.name = "bytes", .value = uint64_t{7}}};
};

TEST_F(LogFieldsTest, TextHasThemBehindTheMessage) {
  EXPECT_EQ(FieldsText(fields_), R"(tenant=shop query="{a=\"b\"}" ms=12.5 bytes=7)");
  EXPECT_THAT(Written([&] { Log(LogLevel::kWarning, "slow", fields_); }),
              EndsWith("slow tenant=shop query=\"{a=\\\"b\\\"}\" ms=12.5 bytes=7\n"));
}

TEST_F(LogFieldsTest, JsonIsOneObjectALine) {
  SetLogFormat(LogFormat::kJson);
  const std::string line = Written([&] { Log(LogLevel::kWarning, "a\n\"b\"", fields_); });
  EXPECT_THAT(line, testing::StartsWith("{\"time\":\"20"));
  EXPECT_THAT(line, EndsWith(R"(Z","level":"warning","message":"a\n\"b\"","tenant":"shop",)"
                             R"("query":"{a=\"b\"}","ms":12.540,"bytes":7})"
                             "\n"));
}

TEST_F(LogFieldsTest, RecentLinesLeaveContentOutAndAreSoMany) {
  Written([&] {
    for (size_t i = 0; i < 2 * kRecentLines; ++i) LogError("one of many");
    LogWarning(std::string(2 * kRecentLineBytes, 'x'));
    Log(LogLevel::kWarning, "slow", fields_);
  });
  const std::vector<std::string> lines = RecentLogLines();
  ASSERT_EQ(lines.size(), kRecentLines);
  EXPECT_THAT(lines.back(),
              EndsWith("warning slow tenant=shop query=\"(left out)\" ms=12.5 bytes=7"));
  EXPECT_EQ(lines[lines.size() - 2].size(), kRecentLineBytes);
  EXPECT_THAT(lines.front(), EndsWith("error one of many"));
}

TEST(JsonText, WhatIsNotUtf8CanBeRead) {
  std::string text;
  AppendJsonString("\xc3\xa9\x01", text);
  AppendJsonString("a\xff\xc3\xa9", text);
  EXPECT_EQ(text, "\"\xc3\xa9\\u0001\"\"a???\"");
  EXPECT_THAT(text, Not(HasSubstr("\xff")));
}

}  // namespace
}  // namespace clew::base
