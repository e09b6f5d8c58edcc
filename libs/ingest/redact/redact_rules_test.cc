// SPDX-License-Identifier: Apache-2.0
#include "ingest/redact/redact_rules.h"

#include <gmock/gmock.h>

namespace clew::ingest {
namespace {

using enum AttributeScope;
using enum RedactAction;
using testing::HasSubstr;

RedactRules Rules(const std::vector<std::string>& rules) {
  return RedactRules::Parse(rules).value();
}

TEST(RedactRules, WithoutAScopeTheyAreAboutEveryOne) {
  for (const char* text : {"drop:enduser.id", "drop:.enduser.id"}) {
    const RedactRules rules = Rules({text});
    for (const auto scope : {kResource, kInstrumentation, kSpan, kEvent, kLink}) {
      EXPECT_EQ(rules.ActionFor(scope, "enduser.id"), kDrop) << text;
      EXPECT_EQ(rules.ActionFor(scope, "enduser.id2"), kKeep) << text;
    }
  }
}

TEST(RedactRules, WithAScopeTheyAreAboutThatAlone) {
  const RedactRules rules = Rules({"hash:event.user", "drop:.span.x"});
  EXPECT_EQ(rules.ActionFor(kEvent, "user"), kHash);
  EXPECT_EQ(rules.ActionFor(kSpan, "user"), kKeep);
  EXPECT_EQ(rules.ActionFor(kEvent, "event.user"), kKeep);
  EXPECT_EQ(rules.ActionFor(kResource, "span.x"), kDrop);  // a key that begins like a scope
}

TEST(RedactRules, AStarStandsForAnyRest) {
  const RedactRules rules = Rules({"drop:span.http.request.header.*", "hash:link.*"});
  EXPECT_EQ(rules.ActionFor(kSpan, "http.request.header.cookie"), kDrop);
  EXPECT_EQ(rules.ActionFor(kSpan, "http.request.header."), kDrop);
  EXPECT_EQ(rules.ActionFor(kSpan, "http.request.headers"), kKeep);
  EXPECT_EQ(rules.ActionFor(kLink, ""), kHash);
}

TEST(RedactRules, TheFirstThatIsAboutAnAttributeCounts) {
  const RedactRules rules = Rules({"hash:user.id", "drop:user.*"});
  EXPECT_EQ(rules.ActionFor(kSpan, "user.id"), kHash);
  EXPECT_EQ(rules.ActionFor(kSpan, "user.name"), kDrop);
  EXPECT_TRUE(rules.hashes());
  EXPECT_FALSE(Rules({"drop:x"}).hashes());
}

TEST(RedactRules, WhatIsNoRuleIsNamed) {
  const auto error = [](const char* text) {
    return RedactRules::Parse({"drop:fine", text}).error().message;
  };
  EXPECT_EQ(error("user.id"), "redact rule 'user.id' must begin with drop: or hash:");
  EXPECT_EQ(error("drop:span."), "redact rule 'drop:span.' names no attribute");
  EXPECT_THAT(error("hash:"), HasSubstr("names no attribute"));
  EXPECT_THAT(error("drop:a*b"), HasSubstr("at its end only"));
}

}  // namespace
}  // namespace clew::ingest
