// SPDX-License-Identifier: Apache-2.0
#include "ledger/verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/test_effort.h"
#include "ledger/drawn_trace_fixture.h"
#include "ledger/random_trace_fixture.h"

namespace clew::ledger {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Told {
  std::string text;
  std::vector<std::string> notes;
  std::vector<uint32_t> rows;  // that phrases are of
};

Told Tell(const Drawing& drawing, const Usual* usual = nullptr, GroupBy by = GroupBy::kOperation) {
  const TraceLedger ledger = BuildLedger(drawing.trace);
  const Rows rows = RowsOf(drawing.trace, ledger, ledger.accounts.front(), by);
  const Verdict verdict = VerdictOf({.trace = drawing.trace,
                                     .names = drawing.names,
                                     .ledger = ledger,
                                     .rows = rows,
                                     .by = by,
                                     .usual = usual});
  Told told{.text = verdict.Text(), .notes = {}, .rows = {}};
  for (const Note& note : verdict.notes) told.notes.push_back(note.text);
  for (const Phrase& phrase : verdict.phrases) {
    if (phrase.kind == Phrase::Kind::kRow) told.rows.push_back(phrase.row);
  }
  return told;
}

constexpr std::string_view kSlowCheckout =
    "a shop POST      server                |==================================================|\n"
    "b   shop charge  client                | ================================================ |\n"
    "c     pay Charge server                |      ========================================    |\n"
    "d       pay SQL  client peer=ledger-db |        ====================================      |\n";

TEST(Verdict, TellsTheTotalTheLargestRowsAndTheRest) {
  Drawing drawing;
  ReadDrawing(kSlowCheckout, drawing);
  const Told told = Tell(drawing);
  EXPECT_EQ(told.text,
            "50.0 ms. 72 % in pay SQL, callee ledger-db; 16 % network shop → pay; 8 % in pay "
            "Charge; rest 4 %.");
  EXPECT_THAT(told.rows, ElementsAre(0, 1, 2));
  EXPECT_THAT(told.notes, IsEmpty());
}

TEST(Verdict, LeavesOutARestOfNothing) {
  Drawing drawing;
  ReadDrawing("a shop GET server |==========|\n", drawing);
  EXPECT_EQ(Tell(drawing).text, "10.0 ms. 100 % in shop GET.");
}

TEST(Verdict, OfNoTimeHasNoParts) {
  Drawing drawing;
  ReadDrawing("a shop GET server |!|\n", drawing);
  EXPECT_EQ(Tell(drawing).text, "0 ns.");
}

TEST(Verdict, ComparesWithWhatIsUsual) {
  Drawing drawing;
  ReadDrawing(kSlowCheckout, drawing);
  Usual usual{.nanos = 20'000'000, .trace_count = 41, .reference = "14:00–15:00 yesterday"};
  usual.rows = {{.share = 30, .within = true},
                {.share = 4, .within = false},
                {.share = 10, .within = true},
                {.share = 10, .within = true}};
  const Told grew = Tell(drawing, &usual);
  EXPECT_EQ(grew.text,
            "50.0 ms (normally 20.0 ms). 16 % network shop → pay (normally 4 %); rest 84 % as "
            "usual.");
  EXPECT_THAT(grew.notes, ElementsAre("Against 14:00–15:00 yesterday, 41 traces."));
  EXPECT_THAT(grew.rows, ElementsAre(1));

  usual.rows[1].within = true;
  EXPECT_EQ(Tell(drawing, &usual).text,
            "50.0 ms (normally 20.0 ms). 72 % in pay SQL, callee ledger-db; 16 % network shop → "
            "pay; 8 % in pay Charge; rest 4 %. Nothing stands out: every row is within its usual "
            "range (n = 41).");
}

TEST(Verdict, TellsTheLargestGrowthFirstAndAsUsualOnlyIfTheRestIs) {
  Drawing drawing;
  ReadDrawing(kSlowCheckout, drawing);
  Usual usual{.nanos = 8'000'000, .trace_count = 300, .reference = "yesterday"};
  usual.rows = {{.share = 60}, {.share = 20}, {.share = 10}, {.share = 10}};
  EXPECT_EQ(Tell(drawing, &usual).text,
            "50.0 ms (normally 8.00 ms). 72 % in pay SQL, callee ledger-db (normally 60 %); 16 % "
            "network shop → pay (normally 20 %); 8 % in pay Charge (normally 10 %); rest 4 %.");
}

TEST(Verdict, SaysWhatAlwaysIsThereButNotInThisTrace) {
  Drawing drawing;
  ReadDrawing("a shop POST server error |==========|\n", drawing);
  Usual usual{.nanos = 40'000'000, .trace_count = 300, .reference = "yesterday"};
  usual.rows = {{.share = 20, .within = true}};
  const Owner pay{.service = drawing.names.CodeOf("pay"),
                  .operation = drawing.names.CodeOf("Charge")};
  usual.gone = {{.owner = pay, .usual = {.share = 70}}};
  EXPECT_EQ(Tell(drawing, &usual).text,
            "10.0 ms (normally 40.0 ms). No time in pay Charge (normally 70 %). First error: shop "
            "POST.");
  usual.gone[0].owner = {
      .service = pay.service, .peer = drawing.names.CodeOf("shop"), .category = Category::kNetwork};
  usual.rows[0].within = false;
  EXPECT_EQ(Tell(drawing, &usual).text,
            "10.0 ms (normally 40.0 ms). 100 % in shop POST (normally 20 %). No network shop → pay "
            "(normally 70 %). First error: shop POST.");
}

TEST(Verdict, WithoutUsualRowsTellsTheUsualTotal) {
  Drawing drawing;
  ReadDrawing(kSlowCheckout, drawing);
  const Usual usual{.nanos = 20'000'000, .trace_count = 12, .reference = "yesterday"};
  EXPECT_EQ(Tell(drawing, &usual).text,
            "50.0 ms (normally 20.0 ms). 72 % in pay SQL, callee ledger-db; 16 % network shop → "
            "pay; 8 % in pay Charge; rest 4 %.");
}

TEST(Verdict, SaysWhatItCannotKnow) {
  Drawing drawing;
  ReadDrawing(
      "a shop GET     server |====================|\n"
      "b   shop fetch server |==========          |\n"
      "c   shop join  server |       =============|\n",
      drawing);
  EXPECT_EQ(Tell(drawing).text,
            "20.0 ms. 65 % in shop join; 35 % in shop fetch, in parallel with shop join.");
}

TEST(Verdict, NamesTheErrorThatCameFirst) {
  Drawing drawing;
  ReadDrawing(
      "a shop GET       server error |====================|\n"
      "b   shop late    client error |            ======  |\n"
      "c   shop points  client error | =======            |\n"
      "d     loyal GetPoints server error | ======        |\n",
      drawing);
  drawing.trace.spans[3].status_message = drawing.names.CodeOf("deadline exceeded");
  EXPECT_EQ(FirstError(drawing.trace), 3u);
  EXPECT_THAT(Tell(drawing).text,
              testing::EndsWith(" First error: loyal GetPoints, deadline exceeded."));
}

TEST(Verdict, IsWhatItsPhrasesSayAndTheSameEachTime) {
  for (uint64_t seed = 0; seed < base::TestRounds(5'000, 100'000); ++seed) {
    Drawing drawing;
    drawing.trace = RandomTrace(seed);
    for (const char* name : {"a", "b", "c", "d", "e", "f"}) drawing.names.CodeOf(name);
    const Told first = Tell(drawing), second = Tell(drawing);
    ASSERT_EQ(first.text, second.text);
    ASSERT_EQ(first.notes, second.notes);
    ASSERT_LE(first.rows.size(), 3u);
  }
}

}  // namespace
}  // namespace clew::ledger
