// SPDX-License-Identifier: Apache-2.0
#include "ingest/refusal_notes.h"

#include <gtest/gtest.h>

#include <string>

#include "ingest/limits.h"

namespace clew::ingest {
namespace {

class RefusalNotesTest : public testing::Test {
 protected:
  void Refuse(std::string_view tenant, std::string_view why) {
    notes_.Refuse({Receiver::kOtlpHttp, tenant, Refused::kMalformed}, why);
  }

  IngestCounters counters_;
  RefusalNotes notes_{counters_};
};

TEST_F(RefusalNotesTest, KeepWhyTheLastOfATenantWasRefused) {
  EXPECT_EQ(notes_.LastOf("shop"), "");
  Refuse("shop", "first");
  Refuse("bank", "of another");
  Refuse("shop", "second");
  EXPECT_EQ(notes_.LastOf("shop"), "second");
  EXPECT_EQ(notes_.LastOf("bank"), "of another");
  notes_.Reject(Receiver::kOtlpHttp, "shop", "spans without ids");
  EXPECT_EQ(notes_.LastOf("shop"), "spans without ids");
}

TEST_F(RefusalNotesTest, KeepNoMoreThanTheyMay) {
  for (size_t i = 0; i <= kNotedTenants; ++i) Refuse("t" + std::to_string(i), "why");
  EXPECT_EQ(notes_.LastOf("t" + std::to_string(kNotedTenants - 1)), "why");
  EXPECT_EQ(notes_.LastOf("t" + std::to_string(kNotedTenants)), "");
  Refuse("t0", std::string(10 * kNotedRefusalBytes, 'x'));
  EXPECT_EQ(notes_.LastOf("t0").size(), kNotedRefusalBytes);
}

}  // namespace
}  // namespace clew::ingest
