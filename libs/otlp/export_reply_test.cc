// SPDX-License-Identifier: Apache-2.0
#include "otlp/export_reply.h"

#include <gmock/gmock.h>

#include "wire/otlp_response.h"

namespace clew::otlp {
namespace {

using std::chrono::milliseconds;

TEST(ReadRejectedSpans, ReadsAPartialSuccess) {
  EXPECT_EQ(ReadRejectedSpans("").value(), 0u);
  EXPECT_EQ(ReadRejectedSpans(wire::EncodeExportTraceResponse(7, "bad ids")).value(), 7u);
  EXPECT_FALSE(ReadRejectedSpans("\x0a\x05\x08").ok());
}

TEST(ReadRetryDelay, ReadsRetryInfoUpToALimit) {
  EXPECT_EQ(ReadRetryDelay(wire::EncodeRpcStatus(8, "busy", 5)), milliseconds(5000));
  EXPECT_EQ(ReadRetryDelay(wire::EncodeRpcStatus(8, "busy", 1'000'000)), kMaxRetryDelay);
  EXPECT_EQ(ReadRetryDelay(wire::EncodeRpcStatus(8, "busy", std::nullopt)), std::nullopt);
  EXPECT_EQ(ReadRetryDelay("\x1a\x7f"), std::nullopt);
}

TEST(ReadRetryAfter, ReadsSeconds) {
  EXPECT_EQ(ReadRetryAfter("5"), milliseconds(5000));
  EXPECT_EQ(ReadRetryAfter("999999999999"), kMaxRetryDelay);
  EXPECT_EQ(ReadRetryAfter("Wed, 21 Oct 2015 07:28:00 GMT"), std::nullopt);
  EXPECT_EQ(ReadRetryAfter(""), std::nullopt);
}

}  // namespace
}  // namespace clew::otlp
