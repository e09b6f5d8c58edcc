// SPDX-License-Identifier: Apache-2.0
#include "serve/ledger_api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "query/test_spans.h"
#include "wire/json_tree.h"

namespace clew::serve {
namespace {

using model::SpanKind;
using testing::HasSubstr;

using Parameters = std::vector<std::pair<std::string, std::string>>;

// What the API says of trace 1 of these.
ApiReply LedgerOf(const std::vector<query::TestSpan>& spans, Parameters parameters = {}) {
  store::Memtable memtable;
  query::Fill(memtable, spans);
  QueryRun run(query::SourcesOf(memtable), QueryLimits().memory_bytes);
  const ApiRequest request{
      .path_argument = "1", .parameters = std::move(parameters), .accept = "*/*"};
  base::Result<ApiReply> reply = LedgerOfTrace(request, run);
  return reply.ok() ? std::move(reply).value() : ErrorReply(reply.error());
}

std::vector<query::TestSpan> Checkout() {
  return {{.span = 1,
           .start = 100,
           .end = 200,
           .service = "shop",
           .name = "POST",
           .kind = SpanKind::kServer},
          {.span = 2,
           .parent = 1,
           .start = 110,
           .end = 190,
           .service = "shop",
           .name = "charge",
           .kind = SpanKind::kClient},
          {.span = 3,
           .parent = 2,
           .start = 120,
           .end = 170,
           .service = "pay",
           .name = "Charge",
           .tag = "blue",
           .kind = SpanKind::kServer}};
}

TEST(Ledger, IsJsonThatAddsUp) {
  const ApiReply reply = LedgerOf(Checkout());
  ASSERT_EQ(reply.status, 200);
  EXPECT_EQ(reply.content_type, "application/json");
  wire::JsonTree tree;
  wire::ScanFailure failure;
  ASSERT_TRUE(tree.Parse(reply.body, failure));
  EXPECT_THAT(reply.body, HasSubstr(R"("startUnixNano":"100","durationNanos":100)"));
  EXPECT_THAT(reply.body,
              HasSubstr(R"({"service":"pay","operation":"Charge","category":"self","peer":"",)"
                        R"("label":"pay Charge","nanos":50,"share":50)"));
  EXPECT_THAT(
      reply.body,
      HasSubstr(
          R"({"service":"pay","operation":"","category":"network","peer":"shop","label":"network shop → pay",)"
          R"("nanos":30,"share":30)"));
  EXPECT_THAT(reply.body, HasSubstr(R"("rest":{"rows":0,"nanos":0,"share":0})"));
  EXPECT_THAT(reply.body,
              HasSubstr(R"({"spanId":"0000000000000002","category":"network","startNanos":10,)"
                        R"("endNanos":20,"row":1,"ambiguous":false})"));
  EXPECT_THAT(reply.body, HasSubstr(R"("text":"100 ns. 50 % in pay Charge; 30 % network shop )"
                                    R"(→ pay; 20 % in shop POST.")"));
}

TEST(Ledger, KeepsTheLargestRowsAndTheLongestSegments) {
  const ApiReply reply = LedgerOf(Checkout(), {{"rows", "1"}, {"segments", "1"}});
  EXPECT_THAT(reply.body, HasSubstr(R"("rest":{"rows":2,"nanos":50,"share":50})"));
  EXPECT_THAT(reply.body, HasSubstr(R"("segments":[{"spanId":"0000000000000003","category":"self",)"
                                    R"("startNanos":20,"endNanos":70,"row":0,"ambiguous":false}],)"
                                    R"("segmentsOmitted":{"count":4,"nanos":50})"));
}

TEST(Ledger, GroupsByAField) {
  const ApiReply reply = LedgerOf(Checkout(), {{"by", "span.tag"}});
  EXPECT_THAT(reply.body, HasSubstr(R"("by":"span.tag")"));
  EXPECT_THAT(reply.body, HasSubstr(R"("value":"blue","label":"blue","nanos":50)"));
  EXPECT_THAT(reply.body, HasSubstr(R"("value":"","label":"spans without it","nanos":50)"));
}

TEST(Ledger, SaysThatTheRootWasNotReceived) {
  const ApiReply reply = LedgerOf({{.span = 2, .parent = 1, .start = 100, .end = 120},
                                   {.span = 3, .parent = 1, .start = 130, .end = 150}});
  EXPECT_THAT(reply.body, HasSubstr(R"("durationNanos":50,"root":null)"));
  EXPECT_THAT(reply.body, HasSubstr(R"("missing":{"parents":1,"orphans":2,"otherRoots":0})"));
}

TEST(Ledger, OfAllTimeThereIsDoesNotOverflow) {
  const ApiReply reply =
      LedgerOf({{.span = 1, .start = 0, .end = INT64_MAX},
                {.span = 2, .parent = 1, .start = INT64_MAX / 2, .end = INT64_MAX}});
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.body, HasSubstr(R"("startUnixNano":"0","durationNanos":9223372036854775807)"));
  EXPECT_THAT(reply.body, HasSubstr(R"("nanos":9223372036854775807,"share":100)"));
}

TEST(Ledger, IsNotFoundWithoutABody) {
  const ApiReply reply = LedgerOf({{.trace = 2}});
  EXPECT_EQ(reply.status, 404);
  EXPECT_EQ(reply.body, "");
}

// The checkout as trace 1, after so many like it in which pay takes less.
std::vector<query::TestSpan> CheckoutAfter(uint8_t others) {
  std::vector<query::TestSpan> spans;
  for (uint8_t trace = 2; trace < 2 + others; ++trace) {
    spans.push_back({.trace = trace,
                     .start = trace,
                     .end = trace + 60,
                     .service = "shop",
                     .name = "POST",
                     .kind = SpanKind::kServer});
  }
  for (query::TestSpan span : Checkout()) {
    span.start *= 1'000'000;
    span.end *= 1'000'000;
    spans.push_back(span);
  }
  return spans;
}

TEST(Ledger, SaysWhatIsUsual) {
  const ApiReply reply = LedgerOf(CheckoutAfter(20));
  EXPECT_THAT(reply.body, HasSubstr(R"("text":"100 ms (normally 61 ns). 50 % in pay Charge )"
                                    R"((normally 0 %); 30 % network shop → pay (normally 0 %); )"
                                    R"(20 % in shop POST (normally 100 %).")"));
  EXPECT_THAT(reply.body, HasSubstr(R"("usual":{"nanos":61,"p95Nanos":61,"slowerThan":100,)"
                                    R"("traces":20,"reference":{"kind":"newest",)"));
  EXPECT_THAT(reply.body, HasSubstr(R"("usualNanos":0,"usual":{"nanos":0,"share":0,)"
                                    R"("medianNanos":0,"p95Nanos":0,"traces":0,)"
                                    R"("slowerThan":100,"within":false})"));
  EXPECT_THAT(reply.body,
              HasSubstr(R"("spans":[{"service":"shop","operation":"POST","kind":2,"count":20,)"));
}

TEST(Ledger, OfTooFewSaysThatNothingIsKnown) {
  const ApiReply few = LedgerOf(CheckoutAfter(9));
  EXPECT_THAT(few.body, HasSubstr(R"("usual":null})"));
  EXPECT_THAT(few.body,
              HasSubstr("Too few to say what is usual: 9 of the 10 earlier traces of shop "
                        "POST that it takes."));
  EXPECT_THAT(LedgerOf(CheckoutAfter(20), {{"usual", "off"}}).body, HasSubstr(R"("usual":null})"));
}

TEST(Ledger, ByAFieldOnlyTheWholeIsCompared) {
  const ApiReply reply = LedgerOf(CheckoutAfter(20), {{"by", "span.tag"}});
  EXPECT_THAT(reply.body, HasSubstr("100 ms (normally 61 ns). 50 % in "));
  EXPECT_THAT(reply.body, HasSubstr(R"("usualNanos":null,"usual":null)"));
}

TEST(Ledger, SaysWhatIsWrongWithAParameter) {
  const auto error = [](const std::string& name, const std::string& value) {
    const ApiReply reply = LedgerOf(Checkout(), {{name, value}});
    EXPECT_EQ(reply.status, 400) << name << "=" << value;
    return reply.body;
  };
  EXPECT_THAT(error("by", "nonsense"), HasSubstr("invalid by: must be operation, service"));
  EXPECT_EQ(error("skew", "on"), "invalid skew: must be off or correct");
  EXPECT_EQ(error("usual", "no"), "invalid usual: must be on or off");
  EXPECT_EQ(error("rows", "0"), "invalid rows: must be 1 to 1000");
  EXPECT_EQ(error("segments", "100001"), "invalid segments: must be 0 to 100000");
  EXPECT_THAT(error("segments", "-1"), HasSubstr("invalid segments: parsing"));
  EXPECT_THAT(error("limit", "5"), HasSubstr("unknown parameter limit"));
  EXPECT_THAT(error("start", "x"), HasSubstr("invalid start"));
}

}  // namespace
}  // namespace clew::serve
