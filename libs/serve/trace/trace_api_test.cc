// SPDX-License-Identifier: Apache-2.0
#include "serve/trace/trace_api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "query/test_spans.h"
#include "serve/limits.h"

namespace clew::serve {
namespace {

using testing::HasSubstr;
using testing::Not;
using Function = base::Result<ApiReply> (*)(const ApiRequest&, QueryRun&);

class TraceApi : public testing::Test {
 protected:
  TraceApi() {
    query::Fill(memtable_, {{.span = 1, .start = 100, .name = "root"},
                            {.span = 2, .parent = 1, .start = 110, .name = "slow", .error = true},
                            {.span = 3, .parent = 2, .start = 120, .name = "inner"},
                            {.span = 4, .parent = 1, .start = 130, .name = "last", .error = true},
                            {.trace = 2, .span = 2, .name = "other"}});
  }
  ApiReply Ask(Function function, std::string id,
               std::vector<std::pair<std::string, std::string>> parameters = {}) {
    QueryRun run(query::SourcesOf(memtable_), QueryLimits().memory_bytes);
    const ApiRequest request{
        .path_argument = std::move(id), .parameters = std::move(parameters), .accept = {}};
    base::Result<ApiReply> reply = function(request, run);
    return reply.ok() ? std::move(reply).value() : ErrorReply(reply.error());
  }
  store::Memtable memtable_;
};

std::string AllOf(ApiReply reply) {
  std::string all = std::move(reply.body);
  while (reply.rest != nullptr) {
    const std::string piece = reply.rest->Next().value();
    if (piece.empty()) break;
    all += piece;
  }
  return all;
}

TEST_F(TraceApi, ColumnsAreBytesOfThatTraceAlone) {
  const ApiReply reply = Ask(ColumnsOfTrace, "1");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.content_type, "application/octet-stream");
  EXPECT_EQ(base::LoadLittle<uint32_t>(reply.body.data() + 12), 4u);
  EXPECT_THAT(reply.body, HasSubstr("inner"));
  EXPECT_THAT(reply.body, Not(HasSubstr("other")));
}

TEST_F(TraceApi, ColumnsSayHowManyCopiesWereFolded) {
  query::Fill(memtable_, {{.span = 3, .parent = 2, .start = 120, .name = "inner"}});
  EXPECT_THAT(Ask(ColumnsOfTrace, "1").body, HasSubstr("1 equal copy of a span is folded"));
  EXPECT_THAT(Ask(ColumnsOfTrace, "2").body, Not(HasSubstr("folded")));
}

TEST_F(TraceApi, ALargeTraceComesInPieces) {
  memtable_.OnResource({});
  memtable_.OnScope({});
  constexpr uint32_t kSpans = 30'000;
  for (uint32_t i = 1; i <= kSpans; ++i) {
    model::SpanView span{.trace_id = query::TraceOf(5), .span_id = {}, .parent_span_id = {}};
    span.span_id.bytes[0] = static_cast<uint8_t>(i >> 8);
    span.span_id.bytes[7] = static_cast<uint8_t>(i);
    span.start_unix_nano = span.end_unix_nano = i;
    memtable_.OnSpan(span);
  }
  memtable_.Publish(memtable_.FinishBody());
  ApiReply reply = Ask(ColumnsOfTrace, "5");
  EXPECT_EQ(reply.body.size(), kReplyPieceBytes);
  const std::string all = AllOf(std::move(reply));
  EXPECT_EQ(base::LoadLittle<uint32_t>(all.data() + 12), kSpans);
  EXPECT_GT(all.size(), kSpans * 50u);
}

TEST_F(TraceApi, ATraceThatIsNotThereIsToldByItsId) {
  EXPECT_EQ(Ask(ColumnsOfTrace, "ab").status, 404);
  EXPECT_EQ(Ask(ColumnsOfTrace, "ab").body, "there is no trace ab\n");
  EXPECT_EQ(Ask(SpansOfTrace, "ab", {{"ids", "1"}}).status, 404);
  EXPECT_EQ(Ask(MatchesInTrace, "ab", {{"q", "{ }"}}).status, 404);
  EXPECT_EQ(Ask(ColumnsOfTrace, "xyz").status, 400);
}

TEST_F(TraceApi, SpansAreThoseOfTheIdsAndWhole) {
  const ApiReply reply = Ask(SpansOfTrace, "1", {{"ids", "0000000000000003,4,99"}});
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.body, testing::StartsWith(R"({"trace":{"resourceSpans":[)"));
  EXPECT_THAT(reply.body, HasSubstr(R"("inner")"));
  EXPECT_THAT(reply.body, HasSubstr(R"("last")"));
  EXPECT_THAT(reply.body, HasSubstr(R"("number")"));
  EXPECT_THAT(reply.body, Not(HasSubstr(R"("slow")")));
  EXPECT_EQ(Ask(SpansOfTrace, "1", {{"ids", "99"}}).body, R"({"trace":{}})");
}

TEST_F(TraceApi, IdsThatAreNoneAreRefused) {
  EXPECT_THAT(Ask(SpansOfTrace, "1").body, HasSubstr("the parameter ids is missing"));
  EXPECT_EQ(Ask(SpansOfTrace, "1", {{"ids", "2,"}}).body,
            "span IDs can only contain 1 to 16 hex digits: ''");
  EXPECT_EQ(Ask(SpansOfTrace, "1", {{"ids", "2,2x"}}).status, 400);
  std::string many = "1";
  for (size_t i = 0; i < kMaxSpansById; ++i) many += ",1";
  EXPECT_EQ(Ask(SpansOfTrace, "1", {{"ids", many}}).body, "at most 200 span IDs at a time");
  EXPECT_EQ(Ask(SpansOfTrace, "1", {{"ids", many.substr(2)}}).status, 200);
}

TEST_F(TraceApi, MatchesAreBitsByRow) {
  const ApiReply reply = Ask(MatchesInTrace, "1", {{"q", "{ status = error }"}});
  EXPECT_EQ(reply.status, 200);
  ASSERT_EQ(reply.body.size(), 9u);
  EXPECT_EQ(base::LoadLittle<uint32_t>(reply.body.data()), 4u);
  EXPECT_EQ(base::LoadLittle<uint32_t>(reply.body.data() + 4), 2u);
  EXPECT_EQ(static_cast<uint8_t>(reply.body[8]), 0b1010);
  EXPECT_EQ(Ask(MatchesInTrace, "1", {{"q", "{ name = \"none\" }"}}).body[8], 0);
}

TEST_F(TraceApi, WhatIsNoFilterOfSpansMatchesNothingAndSaysWhy) {
  EXPECT_THAT(Ask(MatchesInTrace, "1").body, HasSubstr("the parameter q is missing"));
  EXPECT_THAT(Ask(MatchesInTrace, "1", {{"q", "{ } | count() > 1"}}).body,
              HasSubstr("one filter of spans"));
  EXPECT_THAT(Ask(MatchesInTrace, "1", {{"q", "{ status = "}}).body, HasSubstr("parse error"));
}

}  // namespace
}  // namespace clew::serve
