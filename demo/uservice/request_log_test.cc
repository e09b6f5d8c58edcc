// SPDX-License-Identifier: Apache-2.0

#include "uservice/request_log.h"

#include <gtest/gtest.h>

namespace clew::demo {
namespace {

TEST(FormatRequest, PrintsOneHeaderALineWithItsNameInLowerCase) {
  const net::Headers headers{{"Host", "127.0.0.1:8081"}, {"Accept", "*/*"}};
  EXPECT_EQ(FormatRequest(headers),
            "Request: {\n"
            "    \"host\": \"127.0.0.1:8081\",\n"
            "    \"accept\": \"*/*\",\n"
            "}\n");
}

TEST(FormatRequest, KeepsSecretsOut) {
  const net::Headers headers{{"Cookie", "session=1"},
                             {"AUTHORIZATION", "Bearer x"},
                             {"proxy-authorization", "Basic y"},
                             {"Set-Cookie", "a=b"}};
  EXPECT_EQ(FormatRequest(headers),
            "Request: {\n"
            "    \"cookie\": \"[redacted]\",\n"
            "    \"authorization\": \"[redacted]\",\n"
            "    \"proxy-authorization\": \"[redacted]\",\n"
            "    \"set-cookie\": \"[redacted]\",\n"
            "}\n");
}

TEST(FormatRequest, PrintsAnEmptyMapOnOneLine) {
  EXPECT_EQ(FormatRequest({}), "Request: {}\n");
}

TEST(QuoteBytes, EscapesWhatCannotBePrinted) {
  EXPECT_EQ(QuoteBytes("a\n\"\x1b\xff\\"), "\"a\\n\\\"\\x1b\\xff\\\\\"");
}

}  // namespace
}  // namespace clew::demo
