// SPDX-License-Identifier: Apache-2.0
#include "net/shown_url.h"

#include <gmock/gmock.h>

#include "net/http_client.h"

namespace clew::net {
namespace {

TEST(ShownUrl, HasNoPasswordAndNoParameters) {
  EXPECT_EQ(ShownUrl("https://host:4318/v1/traces"), "https://host:4318/v1/traces");
  EXPECT_EQ(ShownUrl("https://alice:pa55@host:4318/x"), "https://(left out)@host:4318/x");
  EXPECT_EQ(ShownUrl("https://alice:p/a?5@5@host/x"), "https://(left out)@host/x");
  EXPECT_EQ(ShownUrl("https://host/x?key=pa55#y"), "https://host/x?(left out)");
  EXPECT_EQ(ShownUrl("alice:pa55@host"), "(left out)@host");
  EXPECT_EQ(ShownUrl(""), "");
}

TEST(ShownUrls, LeavesTheTextAroundThemAsItIs) {
  EXPECT_EQ(ShownUrls("{ a = \"http://u:p@h/x?y\" } and b@c? 'ftp://u@h'"),
            "{ a = \"http://(left out)@h/x?(left out)\" } and b@c? 'ftp://(left out)@h'");
  EXPECT_EQ(ShownUrls("200MiB"), "200MiB");
  EXPECT_EQ(ShownUrls("://"), "://");
}

TEST(ParseUrl, RepeatsNoPasswordInItsErrors) {
  for (const char* url : {"http://alice:pa55@host:4318", "http://pa55@host", "alice:pa55@host",
                          "http://alice:8/pa55@host", "http://host:x/?key=pa55"}) {
    const auto parsed = ParseUrl(url);
    if (parsed.ok()) continue;  // 8 may be a port
    EXPECT_THAT(parsed.error().message, testing::Not(testing::HasSubstr("pa55"))) << url;
  }
  EXPECT_THAT(ParseUrl("http://alice:pa55@host:4318").error().message,
              testing::HasSubstr("must not hold credentials"));
}

}  // namespace
}  // namespace clew::net
