// SPDX-License-Identifier: Apache-2.0
#include "derive/usual_ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "derive/usual_times_builder.h"
#include "ledger/drawn_trace_fixture.h"

namespace clew::derive {
namespace {

using ledger::Drawing;
using ledger::GroupBy;
using testing::IsEmpty;

constexpr std::string_view kUsual =
    "a shop POST     server |====================|\n"
    "b   shop charge client |  ================  |\n"
    "c     pay Charge server|   ==============   |\n";
// Of the way to pay 31 ms instead of 2.
constexpr std::string_view kSlow =
    "a shop POST     server |==================================================|\n"
    "b   shop charge client |  ============================================== |\n"
    "c     pay Charge server|                                ===============   |\n";
constexpr std::string_view kStopped = "a shop POST server |===|\n";

OperationTimes OperationTimesOf(std::string_view drawing, uint64_t times, OperationTimes all = {}) {
  Drawing drawn;
  ReadDrawing(drawing, drawn);
  UsualTimesBuilder builder;
  for (uint64_t i = 0; i < times; ++i) builder.Add(drawn.trace, BuildLedger(drawn.trace), 0);
  UsualTimes usual;
  builder.MoveTo(usual, drawn.names);
  all.Merge(*usual.Find({"shop", "POST"}));
  return all;
}

struct Answer {
  ledger::Usual usual;
  std::string text;
};

Answer Tell(std::string_view drawing, const OperationTimes& times,
            GroupBy by = GroupBy::kOperation) {
  Drawing drawn;
  ReadDrawing(drawing, drawn);
  const ledger::TraceLedger ledger = BuildLedger(drawn.trace);
  const ledger::Rows rows = RowsOf(drawn.trace, ledger, ledger.accounts.front(), by);
  Answer answer{.usual = UsualOf(times, {.rows = rows, .by = by}, drawn.names), .text = {}};
  answer.usual.reference = "yesterday";
  answer.text = ledger::VerdictOf({.trace = drawn.trace,
                                   .names = drawn.names,
                                   .ledger = ledger,
                                   .rows = rows,
                                   .by = by,
                                   .usual = &answer.usual})
                    .Text();
  return answer;
}

TEST(UsualLedger, SaysWhatStandsOut) {
  const Answer slow = Tell(kSlow, OperationTimesOf(kUsual, 40));
  EXPECT_EQ(slow.text,
            "50.0 ms (normally 20.2 ms). 62 % network shop → pay (normally 10 %); rest 38 % as "
            "usual.");
  EXPECT_EQ(slow.usual.trace_count, 40U);
  EXPECT_EQ(slow.usual.slower_than, 1000U);
  EXPECT_EQ(
      Tell(kUsual, OperationTimesOf(kUsual, 40)).text,
      "20.0 ms (normally 20.2 ms). 70 % in pay Charge; 20 % in shop POST; 10 % network shop → "
      "pay. Nothing stands out: every row is within its usual range (n = 40).");
}

TEST(UsualLedger, ByServiceAndByCategoryToo) {
  EXPECT_EQ(Tell(kSlow, OperationTimesOf(kUsual, 40), GroupBy::kService).text,
            "50.0 ms (normally 20.2 ms). 92 % in pay (normally 80 %); rest 8 % as usual.");
  EXPECT_EQ(Tell(kSlow, OperationTimesOf(kUsual, 40), GroupBy::kCategory).text,
            "50.0 ms (normally 20.2 ms). 62 % network (normally 10 %); rest 38 % as usual.");
  EXPECT_THAT(Tell(kSlow, OperationTimesOf(kUsual, 40), GroupBy::kAttribute).usual.rows, IsEmpty());
}

TEST(UsualLedger, AFewSlowTracesBeforeItAreNotUsual) {
  const OperationTimes times = OperationTimesOf(kSlow, 2, OperationTimesOf(kUsual, 78));
  EXPECT_EQ(Tell(kSlow, times).text, Tell(kSlow, OperationTimesOf(kUsual, 80)).text);
}

TEST(UsualLedger, WhatHalfOfThemTakeIsUsual) {
  EXPECT_THAT(Tell(kSlow, OperationTimesOf(kSlow, 40, OperationTimesOf(kUsual, 40))).text,
              testing::HasSubstr("Nothing stands out"));
}

TEST(UsualLedger, RowsOfTheUsualTraceAddUpToIt) {
  const ledger::Usual usual =
      Tell(kSlow, OperationTimesOf(kSlow, 13, OperationTimesOf(kUsual, 40))).usual;
  uint64_t sum = 0;
  uint32_t shares = 0;
  for (const auto& row : usual.rows) {
    sum += row.nanos;
    shares += row.share;
  }
  EXPECT_NEAR(static_cast<double>(sum), static_cast<double>(usual.nanos), 3);
  EXPECT_EQ(shares, 100U);
}

TEST(UsualLedger, SaysWhatIsGone) {
  const Answer stopped = Tell(kStopped, OperationTimesOf(kUsual, 40));
  EXPECT_EQ(stopped.text, "3.00 ms (normally 20.2 ms). No time in pay Charge (normally 70 %).");
  ASSERT_EQ(stopped.usual.gone.size(), 2U);
  // Where some traces lack it too, it is not.
  EXPECT_THAT(
      Tell(kStopped, OperationTimesOf(kStopped, 3, OperationTimesOf(kUsual, 40))).usual.gone,
      IsEmpty());
}

TEST(UsualLedger, ARowThatIsNeverThereStandsOut) {
  EXPECT_EQ(
      Tell(kUsual, OperationTimesOf(kStopped, 40)).text,
      "20.0 ms (normally 3.00 ms). 70 % in pay Charge (normally 0 %); 10 % network shop → pay "
      "(normally 0 %); 20 % in shop POST (normally 100 %).");
}

}  // namespace
}  // namespace clew::derive
