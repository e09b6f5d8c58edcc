// SPDX-License-Identifier: Apache-2.0

#include "uservice/options.h"

#include <gtest/gtest.h>

namespace clew::demo {
namespace {

using std::chrono::milliseconds;

TEST(ParseListen, SplitsAddressAndPort) {
  Options options;
  ASSERT_TRUE(ParseListen("127.0.0.1:8083", options).ok());
  EXPECT_EQ(options.listen_address, "127.0.0.1");
  EXPECT_EQ(options.listen_port, 8083);
}

TEST(ParseListen, TakesBracketsOffAnIpv6Address) {
  Options options;
  ASSERT_TRUE(ParseListen("[::1]:0", options).ok());
  EXPECT_EQ(options.listen_address, "::1");
}

TEST(ParseListen, RefusesAPortThatIsNone) {
  Options options;
  EXPECT_FALSE(ParseListen("127.0.0.1:99999", options).ok());
  EXPECT_FALSE(ParseListen("8083", options).ok());
}

TEST(ParseDelay, ReadsBothEnds) {
  const auto delay = ParseDelay("100-198");
  ASSERT_TRUE(delay.ok());
  EXPECT_EQ(delay.value().shortest, milliseconds(100));
  EXPECT_EQ(delay.value().longest, milliseconds(198));
}

TEST(ParseDelay, RefusesARangeThatEndsBeforeItStarts) {
  EXPECT_FALSE(ParseDelay("198-100").ok());
  EXPECT_FALSE(ParseDelay("100").ok());
}

}  // namespace
}  // namespace clew::demo
