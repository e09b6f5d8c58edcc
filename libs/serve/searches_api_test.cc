// SPDX-License-Identifier: Apache-2.0
#include "serve/searches_api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "base/memory_storage.h"
#include "serve/limits.h"

using testing::HasSubstr;

namespace clew::serve {
namespace {

class SearchesApiTest : public testing::Test {
 protected:
  SearchesApiTest() { AddSearchesApi(router_, searches_); }

  ApiReply Ask(std::string_view method, std::string_view path, std::string body = {}) {
    Router::Match match = router_.Find(method, "/api/clew/v1/searches" + std::string(path));
    EXPECT_EQ(match.outcome, Router::Match::Outcome::kFound) << path;
    return (*match.function)(
        {.path_argument = match.argument, .parameters = {}, .accept = {}, .body = std::move(body)});
  }
  // Puts what is wrong, and says how.
  std::string Refusal(std::string_view body, std::string_view name = "a") {
    const ApiReply reply = Ask("PUT", "/" + std::string(name), std::string(body));
    EXPECT_EQ(reply.status, 400) << body;
    return reply.body;
  }

 private:
  base::MemoryStorage storage_;
  SavedSearches searches_{storage_, "/"};
  Router router_;
};

TEST_F(SearchesApiTest, ASearchIsSavedListedAndDeleted) {
  EXPECT_EQ(Ask("GET", "").body, R"({"searches":[]})");
  EXPECT_EQ(Ask("PUT", "/my%20errors", R"({"query":"{ status = error }","order":"newest"})").status,
            204);
  EXPECT_EQ(Ask("PUT", "/all", "{}").status, 204);
  EXPECT_EQ(Ask("GET", "").body,
            R"({"searches":[{"name":"all","query":"","order":"slowest"},)"
            R"({"name":"my errors","query":"{ status = error }","order":"newest"}]})");
  EXPECT_EQ(Ask("DELETE", "/all").status, 204);
  EXPECT_EQ(Ask("DELETE", "/all").status, 404);
}

TEST_F(SearchesApiTest, WhatIsWrongIsSaid) {
  EXPECT_THAT(Refusal(""), HasSubstr("invalid JSON"));
  EXPECT_THAT(Refusal("[]"), HasSubstr("is an object"));
  EXPECT_THAT(Refusal(R"({"q":"{ }"})"), HasSubstr("not 'q'"));
  EXPECT_THAT(Refusal(R"({"query":1})"), HasSubstr("is a string"));
  EXPECT_THAT(Refusal(R"({"order":"oldest"})"), HasSubstr("slowest or newest"));
  EXPECT_THAT(Refusal(R"({"query":"{ a = }"})"), HasSubstr("parse error"));
  EXPECT_THAT(Refusal("{\"query\":\"{ } | rate()\"}"), HasSubstr("it computes metrics"));
  EXPECT_THAT(Refusal("{\"query\":\"" + std::string(kMaxSavedQueryBytes + 1, ' ') + "\"}"),
              HasSubstr("at most 8192 bytes"));
  EXPECT_THAT(Refusal("{}", std::string(kMaxSearchNameBytes + 1, 'x')), HasSubstr("at most 100"));
  EXPECT_THAT(Refusal("{}", "a%0Ab"), HasSubstr("control characters"));
  EXPECT_THAT(Refusal("{}", "%FF"), HasSubstr("UTF-8"));
  EXPECT_EQ(Ask("GET", "").body, R"({"searches":[]})");
}

}  // namespace
}  // namespace clew::serve
