// SPDX-License-Identifier: Apache-2.0
#include "serve/router.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace clew::serve {
namespace {

using Outcome = Router::Match::Outcome;

ApiFunction Says(std::string text) {
  return [text = std::move(text)](const ApiRequest&) { return TextReply(200, text); };
}

Router TestRouter() {
  Router router;
  router.Add("GET", "/api/echo", RunsOn::kLoop, Says("echo"));
  router.Add("GET", "/api/traces/{id}", RunsOn::kWorker, Says("trace"));
  router.Add("GET", "/api/search/tag/{name...}/values", RunsOn::kWorker, Says("values"));
  return router;
}

TEST(Router, FindsAFixedPath) {
  const Router router = TestRouter();
  const Router::Match match = router.Find("GET", "/api/echo");
  ASSERT_EQ(match.outcome, Outcome::kFound);
  EXPECT_EQ((*match.function)({}).body, "echo");
}

TEST(Router, AVariableStandsForOneSegment) {
  const Router router = TestRouter();
  EXPECT_EQ(router.Find("GET", "/api/traces/1f").argument, "1f");
  EXPECT_EQ(router.Find("GET", "/api/traces/1f/x").outcome, Outcome::kNotFound);
  EXPECT_EQ(router.Find("GET", "/api/traces/").outcome, Outcome::kNotFound);
}

TEST(Router, AVariableWithDotsMayHoldSlashesAndIsDecoded) {
  const Router router = TestRouter();
  EXPECT_EQ(router.Find("GET", "/api/search/tag/a/b/values").argument, "a/b");
  EXPECT_EQ(router.Find("GET", "/api/search/tag/a%20b/values").argument, "a b");
}

TEST(Router, HeadFindsWhatGetFinds) {
  const Router router = TestRouter();
  EXPECT_EQ(router.Find("HEAD", "/api/echo").outcome, Outcome::kFound);
}

TEST(Router, TellsAWrongMethodFromAnUnknownPath) {
  const Router router = TestRouter();
  EXPECT_EQ(router.Find("POST", "/api/echo").outcome, Outcome::kWrongMethod);
  EXPECT_EQ(router.Find("POST", "/api/echo").allowed, "GET");
  EXPECT_EQ(router.Find("GET", "/api/nothing").outcome, Outcome::kNotFound);
}

}  // namespace
}  // namespace clew::serve
