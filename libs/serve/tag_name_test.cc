// SPDX-License-Identifier: Apache-2.0
#include "serve/tag_name.h"

#include <gtest/gtest.h>

namespace clew::serve {
namespace {

using query::TagScope;

void ExpectName(std::string_view text, TagScope scope, std::string_view key) {
  const base::Result<query::Tag> name = ParseTagName(text);
  ASSERT_TRUE(name.ok()) << text;
  EXPECT_EQ(name.value().scope, scope) << text;
  EXPECT_EQ(name.value().key, key) << text;
}

TEST(TagName, ReadsScopesQuotesAndIntrinsics) {
  ExpectName(".foo", TagScope::kAny, "foo");
  ExpectName("span.http.method", TagScope::kSpan, "http.method");
  ExpectName("resource.\"x \\\"y\"", TagScope::kResource, "x \"y");
  ExpectName("event.exception.type", TagScope::kEvent, "exception.type");
  ExpectName("link.foo", TagScope::kLink, "foo");
  ExpectName("instrumentation.foo", TagScope::kInstrumentation, "foo");
  ExpectName("name", TagScope::kIntrinsic, "name");
  ExpectName("span:kind", TagScope::kIntrinsic, "kind");
}

TEST(TagName, OfAnIntrinsicIsWhatItMeans) {
  ExpectName("trace:rootService", TagScope::kIntrinsic, "rootServiceName");
  ExpectName("rootServiceName", TagScope::kIntrinsic, "rootServiceName");
  ExpectName("event:name", TagScope::kIntrinsic, "event:name");
  ExpectName("link:traceID", TagScope::kIntrinsic, "link:traceID");
}

TEST(TagName, RefusesWhatIsNoIdentifier) {
  EXPECT_FALSE(ParseTagName("foo").ok());
  EXPECT_FALSE(ParseTagName("foo.bar").ok());
  EXPECT_FALSE(ParseTagName("span:foo").ok());
  EXPECT_FALSE(ParseTagName("span.").ok());
  EXPECT_FALSE(ParseTagName(".\"open").ok());
}

}  // namespace
}  // namespace clew::serve
