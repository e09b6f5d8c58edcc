// SPDX-License-Identifier: Apache-2.0
#include "serve/explain_api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "query/test_spans.h"
#include "wire/json_tree.h"

namespace clew::serve {
namespace {

using testing::HasSubstr;

ApiReply Explained(const std::string& query, std::string accept) {
  store::Memtable memtable;
  query::Fill(memtable, {{.trace = 1, .span = 1}, {.trace = 1, .span = 2, .error = true}});
  QueryRun run(query::SourcesOf(memtable), QueryLimits().memory_bytes);
  ApiRequest request{.path_argument = {}, .parameters = {}, .accept = std::move(accept)};
  if (!query.empty()) request.parameters = {{"q", query}, {"start", "0"}, {"end", "3600"}};
  base::Result<ApiReply> reply = Explain(request, run);
  return reply.ok() ? std::move(reply).value() : ErrorReply(reply.error());
}

TEST(Explain, OfASearchIsItsPlanAndWhatWasLookedAt) {
  const ApiReply reply = Explained("{ status = error }", "text/plain");
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.body, HasSubstr("search      { status = error }\n"
                                    "columns     status = error\n"));
  EXPECT_THAT(reply.body, HasSubstr("sources     1 memtable with 2 spans\n"
                                    "            0 blocks with 0 spans, 0 of them outside"));
  EXPECT_THAT(reply.body, HasSubstr("looked at   1 memtable, 0 blocks, 0 row groups, 2 rows\n"));
  EXPECT_THAT(reply.body, HasSubstr("traces      1 trace evaluated, 1 of them brought together\n"));
  EXPECT_THAT(reply.body, testing::EndsWith(" for 1 trace\n"));
}

TEST(Explain, OfMetricsIsTheirPlan) {
  const ApiReply reply = Explained("{ } | rate() by(name)", "text/plain");
  EXPECT_THAT(reply.body, HasSubstr("spans       row by row, no trace is brought together\n"));
  EXPECT_THAT(reply.body, testing::EndsWith(" for 1 series\n"));
}

TEST(Explain, IsJsonUnlessTextIsAccepted) {
  const ApiReply reply = Explained("{ }", "*/*");
  EXPECT_EQ(reply.content_type, "application/json");
  wire::JsonTree tree;
  wire::ScanFailure failure;
  EXPECT_TRUE(tree.Parse(reply.body, failure));
  EXPECT_THAT(reply.body, HasSubstr(R"("results":1)"));
  EXPECT_THAT(reply.body, HasSubstr(R"("rows":2,"bytes":0,"traces":1,"assembledTraces":1)"));
}

TEST(Explain, SaysWhatIsWrongWithTheQuery) {
  EXPECT_EQ(Explained("", "text/plain").status, 400);
  const ApiReply reply = Explained("{ status = }", "text/plain");
  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(reply.body, HasSubstr("parse error at line 1, col 12"));
}

}  // namespace
}  // namespace clew::serve
