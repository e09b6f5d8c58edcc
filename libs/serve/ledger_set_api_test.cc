// SPDX-License-Identifier: Apache-2.0
#include "serve/ledger_set_api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "query/ledger_sets.h"
#include "query/test_spans.h"
#include "wire/json_tree.h"

namespace clew::serve {
namespace {

using model::SpanKind;
using testing::HasSubstr;
using testing::Not;

using Parameters = std::vector<std::pair<std::string, std::string>>;

constexpr int64_t kMillisecond = 1'000'000;

// Forty requests that took 10 ms and some, and twenty in which the way to pay took 60 ms more, or
// failed too.
std::vector<query::TestSpan> Requests(bool failing) {
  std::vector<query::TestSpan> spans;
  for (uint8_t trace = 1; trace <= 60; ++trace) {
    const bool slow = trace > 40;
    const int64_t start = trace * int64_t{1000} * kMillisecond;
    const int64_t more = (slow ? 60 : trace % 5) * kMillisecond;
    spans.push_back({.trace = trace,
                     .span = 1,
                     .start = start,
                     .end = start + 10 * kMillisecond + more,
                     .service = "shop",
                     .name = "POST",
                     .tag = slow ? "v2" : "v1",
                     .kind = SpanKind::kServer});
    spans.push_back({.trace = trace,
                     .span = 2,
                     .parent = 1,
                     .start = start + kMillisecond,
                     .end = start + 9 * kMillisecond + more,
                     .service = "shop",
                     .name = "charge",
                     .kind = SpanKind::kClient});
    spans.push_back({.trace = trace,
                     .span = 3,
                     .parent = 2,
                     .start = start + 2 * kMillisecond + more,
                     .end = start + 8 * kMillisecond + more,
                     .service = "pay",
                     .name = "Charge",
                     .error = slow && failing,
                     .kind = SpanKind::kServer});
  }
  return spans;
}

ApiReply Ask(Parameters parameters, bool failing = false) {
  store::Memtable memtable;
  query::Fill(memtable, Requests(failing));
  QueryRun run(query::SourcesOf(memtable), QueryLimits().memory_bytes);
  const ApiRequest request{
      .path_argument = {}, .parameters = std::move(parameters), .accept = "*/*"};
  base::Result<ApiReply> reply = LedgerOfSet(request, run);
  if (!reply.ok()) return ErrorReply(reply.error());
  wire::JsonTree tree;
  wire::ScanFailure failure;
  EXPECT_TRUE(tree.Parse(reply.value().body, failure)) << reply.value().body;
  return std::move(reply).value();
}

TEST(LedgerOfSet, RowsAddUpToAllTraces) {
  const ApiReply reply = Ask({{"q", "{ duration > 50ms }"}});
  ASSERT_EQ(reply.status, 200);
  EXPECT_THAT(reply.body,
              HasSubstr(R"("text":"70.0 ms on the average (n = 20). 89 % network shop → )"
                        R"(pay; 8 % in pay Charge; 3 % in shop POST.")"));
  EXPECT_THAT(reply.body, HasSubstr(R"("durationNanos":1400000000)"));
  EXPECT_THAT(reply.body, HasSubstr(R"("rest":{"rows":0,"nanos":0,"share":0},)"));
  EXPECT_THAT(reply.body, HasSubstr(R"("notes":[])"));
}

TEST(LedgerOfSet, SaysWhatOneSetSpendsMoreThanAnother) {
  const ApiReply reply = Ask({{"q", "{ duration > 50ms }"}, {"baseline", "{ }"}});
  ASSERT_EQ(reply.status, 200);
  EXPECT_THAT(reply.body,
              HasSubstr(R"("text":"70.0 ms on the average (normally 12.0 ms; n = 20, against 40). )"
                        R"(89 % network shop → pay (normally 33 %); rest 11 %.")"));
  EXPECT_THAT(reply.body, HasSubstr(R"("nothingStandsOut":false)"));
  EXPECT_THAT(reply.body, HasSubstr(R"("services":[{"service":"pay","reason":"network",)"));
  EXPECT_THAT(reply.body, HasSubstr(R"("baseline":{"traces":40,)"));
}

TEST(LedgerOfSet, TellsItsSentenceInPieces) {
  const ApiReply reply = Ask({{"q", "{ duration > 50ms }"}, {"baseline", "{ }"}});
  EXPECT_THAT(reply.body, HasSubstr(R"("parts":[{"text":"70.0 ms","kind":"total"},)"));
  EXPECT_THAT(reply.body, HasSubstr(R"({"text":"89 % network shop → pay","kind":"row","row":0},)"));
  EXPECT_THAT(reply.body, HasSubstr(R"({"text":"rest 11 %","kind":"rest"})"));
}

TEST(LedgerOfSet, RanksAttributesThatGoWithBeingInTheSet) {
  const ApiReply reply = Ask({{"q", "{ duration > 50ms }"}, {"baseline", "{ }"}});
  EXPECT_THAT(reply.body,
              HasSubstr(R"("attributes":[{"key":"span.tag","value":"v2",)"
                        R"("query":"{ span.tag = \"v2\" }","explained":1,"riskRatio":)"));
  EXPECT_THAT(reply.body, HasSubstr(R"("set":{"with":20,"traces":20},)"
                                    R"("baseline":{"with":0,"traces":40},"copies":[]}])"));
}

TEST(LedgerOfSet, LeavesOutWhatItsSetsWereSelectedBy) {
  const ApiReply reply = Ask({{"q", "{ .tag = \"v2\" }"}, {"baseline", "{ }"}});
  EXPECT_THAT(reply.body, HasSubstr(R"("attributes":[],"attributesLeftOut":[{"key":"span.tag",)"
                                    R"("reason":"selected"}])"));
  EXPECT_THAT(Ask({{"q", "{ duration > 50ms }"}, {"baseline", "{ span.tag = \"v1\" }"}}).body,
              HasSubstr(R"("attributes":[],)"));
}

TEST(LedgerOfSet, TellsErrorsOfAServiceThatIsSlowToo) {
  const ApiReply reply = Ask({{"q", "{ duration > 50ms }"}, {"baseline", "{ }"}}, true);
  EXPECT_THAT(reply.body, HasSubstr(R"("errors":[{"inService":"pay","operation":"Charge",)"
                                    R"("standsOut":true,"share":1,"usualShare":0,"visits":20}],)"
                                    R"("missing":[])"));
}

TEST(LedgerOfSet, NamesTracesToLookAt) {
  const ApiReply reply = Ask({{"q", "{ duration > 50ms }"}, {"baseline", "{ }"}});
  EXPECT_THAT(reply.body, HasSubstr(R"("examples":{"set":{"typical":[{"traceId":)"
                                    R"("0000000000000000000000000000003c",)"
                                    R"("startUnixNano":"60000000000","durationNanos":70000000})"));
  // Of the others the slowest took 4 ms more than 10.
  EXPECT_THAT(reply.body, HasSubstr(R"("slowest":[{"traceId":"00000000000000000000000000000027",)"
                                    R"("startUnixNano":"39000000000","durationNanos":14000000})"));
}

TEST(LedgerOfSet, CountsHowLongTracesTook) {
  const ApiReply reply = Ask({{"q", "{ duration > 50ms }"}, {"baseline", "{ }"}});
  EXPECT_THAT(reply.body, HasSubstr(R"("durations":{"fromNanos":10000000,"toNanos":70000000,)"));
  EXPECT_THAT(reply.body, HasSubstr(R"(0,0,0,20],"baseline":[8,8,)"));
}

TEST(LedgerOfSet, SaysThatNothingStandsOut) {
  const ApiReply reply = Ask({{"q", "{ }"},
                              {"start", "21"},
                              {"end", "41"},
                              {"baseline", "{ }"},
                              {"baselineStart", "1"},
                              {"baselineEnd", "21"}});
  EXPECT_THAT(reply.body, HasSubstr(R"("text":"Nothing stands out: every row is within its usual )"
                                    R"(range (n = 20, against 20).")"));
}

TEST(LedgerOfSet, SaysThatThereAreMoreTracesThanItRead) {
  EXPECT_THAT(Ask({{"q", "{ }"}, {"traces", "10"}}).body,
              HasSubstr("There are more traces than the newest 10"));
}

TEST(LedgerOfSet, TheBaselineIsOfTheNewestThatAreNotInTheSet) {
  const std::string body =
      Ask({{"q", "{ duration > 50ms }"}, {"baseline", "{ }"}, {"traces", "20"}}).body;
  EXPECT_THAT(body, HasSubstr("n = 20, against 20"));
  EXPECT_THAT(body, HasSubstr(R"("set":{"traces":20,"newestOnly":false,)"));
  EXPECT_THAT(body, HasSubstr(R"("baseline":{"traces":20,"newestOnly":true,)"));
  EXPECT_THAT(Ask({{"q", "{ duration > 50ms }"}, {"baseline", "{ }"}, {"traces", "40"}}).body,
              HasSubstr(R"("baseline":{"traces":40,"newestOnly":false,)"));
}

TEST(LedgerOfSet, GroupsRowsByServiceAndCategory) {
  EXPECT_THAT(Ask({{"q", "{ }"}, {"by", "service"}}).body, HasSubstr(R"("label":"pay")"));
  EXPECT_THAT(Ask({{"q", "{ }"}, {"by", "category"}}).body,
              HasSubstr(R"("category":"network","peer":"","label":"network")"));
}

// Each call takes 6 ms, whatever the way to it takes.
TEST(LedgerOfSet, TellsWhatAServiceWaitsFor) {
  const ApiReply pay = Ask({{"q", "{ }"}, {"service", "pay"}});
  EXPECT_THAT(pay.body, HasSubstr(R"("text":"6.00 ms on the average (n = 60). 100 % in pay )"));
  EXPECT_THAT(pay.body, HasSubstr(R"("durationNanos":360000000)"));
  EXPECT_THAT(Ask({{"q", "{ }"}, {"service", "shop"}}).body, HasSubstr("% network shop → pay; "));
  EXPECT_THAT(Ask({{"q", "{ }"}, {"service", "mail"}}).body, HasSubstr(R"("text":"No traces.")"));
  const ApiReply compared =
      Ask({{"q", "{ duration > 50ms }"}, {"baseline", "{ }"}, {"service", "pay"}});
  EXPECT_THAT(compared.body, HasSubstr("Nothing stands out"));
}

// There may be very many in one trace.
TEST(LedgerOfSet, ChargesCallsToTheMemoryOfTheQuery) {
  const auto charged = [](Parameters parameters) {
    store::Memtable memtable;
    query::Fill(memtable, Requests(false));
    QueryRun run(query::SourcesOf(memtable), QueryLimits().memory_bytes);
    EXPECT_TRUE(
        LedgerOfSet({.path_argument = {}, .parameters = std::move(parameters), .accept = {}}, run)
            .ok());
    return run.memory.charged_bytes();
  };
  EXPECT_EQ(charged({{"q", "{ }"}, {"service", "pay"}}) - charged({{"q", "{ }"}}),
            60 * sizeof(query::ReadTrace));
}

// Only roots have a tag, and each has 2 ms of its own.
TEST(LedgerOfSet, GroupsRowsByWhatSpansHave) {
  const std::string body = Ask({{"q", "{ }"}, {"by", "span.tag"}}).body;
  EXPECT_THAT(body, HasSubstr(R"("by":"span.tag")"));
  EXPECT_THAT(body, HasSubstr(R"("label":"spans without it","nanos":1760000000,"share":94)"));
  EXPECT_THAT(body, HasSubstr(R"("value":"v1","label":"v1","nanos":80000000,"share":4)"));
  EXPECT_THAT(body, HasSubstr(R"("value":"v2","label":"v2","nanos":40000000,"share":2)"));
}

TEST(LedgerOfSet, MergesTracesByCallPath) {
  const std::string body = Ask({{"q", "{ }"}, {"by", "path"}}).body;
  EXPECT_THAT(body, HasSubstr(R"("label":"shop POST","nanos":120000000,"share":6,"depth":0,)"
                              R"("subtreeNanos":1880000000)"));
  EXPECT_THAT(body, HasSubstr(R"("label":"shop charge","nanos":1400000000,"share":75,"depth":1,)"
                              R"("subtreeNanos":1760000000)"));
  EXPECT_THAT(body, HasSubstr(R"("label":"pay Charge","nanos":360000000,"share":19,"depth":2,)"
                              R"("subtreeNanos":360000000)"));
  EXPECT_THAT(body, HasSubstr(R"("by":"path")"));
  EXPECT_THAT(Ask({{"q", "{ }"}, {"by", "path"}, {"rows", "1"}}).body,
              HasSubstr(R"("rest":{"rows":2,"nanos":1760000000,"share":94})"));
}

// Of sixty traces forty have the first tag; of the others twenty spend 68 ms elsewhere, the rest 8
// to 12. Told within a per cent.
TEST(LedgerOfSet, TellsWhatIsUsualOfARow) {
  const std::string body = Ask({{"q", "{ }"}, {"by", "span.tag"}}).body;
  EXPECT_THAT(body, HasSubstr(R"("share":94,"absent":0,"p50Nanos":10996495,"p95Nanos":67835653})"));
  EXPECT_THAT(body, HasSubstr(R"("share":4,"absent":20,"p50Nanos":1986490,"p95Nanos":1986490})"));
  EXPECT_THAT(body, HasSubstr(R"("share":2,"absent":40,"p50Nanos":0,"p95Nanos":1986490})"));
}

TEST(LedgerOfSet, OfNoTracesSaysSo) {
  EXPECT_THAT(Ask({{"q", "{ name = \"none\" }"}}).body, HasSubstr(R"("text":"No traces.")"));
  EXPECT_THAT(Ask({{"q", "{ name = \"none\" }"}, {"baseline", "{ }"}}).body,
              HasSubstr(R"("text":"Too few traces to compare: n = 0, against 60.")"));
}

TEST(LedgerOfSet, RefusesWhatItDoesNotUnderstand) {
  EXPECT_EQ(Ask({}).status, 400);
  EXPECT_EQ(Ask({{"q", "{ }"}, {"trace", "1"}}).status, 400);
  EXPECT_EQ(Ask({{"q", "{ }"}, {"traces", "0"}}).status, 400);
  EXPECT_EQ(Ask({{"q", "{"}}).status, 400);
  EXPECT_EQ(Ask({{"q", "{ }"}, {"by", "span. "}}).status, 400);
  EXPECT_THAT(Ask({{"q", "{ }"}, {"baseline", "{"}}).body, Not(HasSubstr("services")));
}

}  // namespace
}  // namespace clew::serve
