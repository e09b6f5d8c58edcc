// SPDX-License-Identifier: Apache-2.0
#include "ingest/tenant_rates.h"

#include <gmock/gmock.h>

#include "base/set_clock.h"
#include "ingest/limits.h"

namespace clew::ingest {
namespace {

void Pass(base::SetClock& clock, double seconds) {
  clock.Advance(static_cast<int64_t>(seconds * 1e9));
}

// What becomes of a body that is right.
base::Result<std::monostate, Refusal> Take(TenantRates& rates, std::string_view tenant,
                                           uint64_t bytes, uint64_t spans) {
  TRY(rates.TakeBytes(tenant, bytes));
  return rates.TakeSpans(tenant, spans, bytes);
}

TEST(TenantRates, LetEverythingPassWithoutLimits) {
  TenantRates rates({});
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(Take(rates, "a", UINT64_MAX, UINT64_MAX).ok());
}

TEST(TenantRates, GiveABurstAndThenWhatComesWithTime) {
  base::SetClock clock;
  TenantRates rates({.bytes = {.per_second = 100, .burst = 300}, .spans = {}}, clock);
  EXPECT_TRUE(Take(rates, "a", 300, 1).ok());
  const auto over = Take(rates, "a", 1, 1);
  ASSERT_FALSE(over.ok());
  EXPECT_EQ(over.error().error.code, base::ErrorCode::kExhausted);
  EXPECT_THAT(over.error().error.message,
              testing::HasSubstr("tenant a sends more than its 100 bytes"));
  EXPECT_TRUE(Take(rates, "b", 300, 1).ok()) << "another tenant has its own";
  Pass(clock, 1);
  EXPECT_FALSE(Take(rates, "a", 101, 1).ok());
  EXPECT_TRUE(Take(rates, "a", 100, 1).ok());
  Pass(clock, 1000);
  EXPECT_TRUE(Take(rates, "a", 300, 1).ok());
  EXPECT_FALSE(Take(rates, "a", 1, 1).ok()) << "no more than the burst is saved up";
}

TEST(TenantRates, RefuseWithoutTaking) {
  base::SetClock clock;
  TenantRates rates(
      {.bytes = {.per_second = 100, .burst = 0}, .spans = {.per_second = 10, .burst = 0}}, clock);
  EXPECT_FALSE(Take(rates, "a", 200'000, 11).ok() && Take(rates, "a", 1, 1).ok());
  Pass(clock, 1'000'000);
  EXPECT_TRUE(Take(rates, "a", 50, 10).ok());
  EXPECT_THAT(Take(rates, "a", 50, 1).error().error.message,
              testing::HasSubstr("10 spans a second"));
  Pass(clock, 0.1);
  EXPECT_TRUE(Take(rates, "a", 50, 1).ok()) << "the refused one took no bytes";
}

TEST(TenantRates, GiveBackWhatThereWasNoRoomFor) {
  base::SetClock clock;
  TenantRates rates(
      {.bytes = {.per_second = 100, .burst = 0}, .spans = {.per_second = 10, .burst = 0}}, clock);
  EXPECT_TRUE(Take(rates, "a", 100, 10).ok());
  rates.GiveBack("a", 100, 10);
  EXPECT_TRUE(Take(rates, "a", 100, 10).ok());
  EXPECT_FALSE(Take(rates, "a", 1, 1).ok());
  rates.GiveBack("a", 5000, 5000);
  EXPECT_TRUE(Take(rates, "a", 100, 10).ok());
  EXPECT_FALSE(Take(rates, "a", 1, 1).ok()) << "never more than a full bucket";
}

TEST(TenantRates, TakeABodyAboveTheBurstAndWaitForItAfterwards) {
  base::SetClock clock;
  TenantRates rates({.bytes = {.per_second = 100, .burst = 0}, .spans = {}}, clock);
  EXPECT_TRUE(Take(rates, "a", 1000, 1).ok());
  Pass(clock, 8.9);
  EXPECT_FALSE(Take(rates, "a", 1, 1).ok());
  Pass(clock, 0.2);
  EXPECT_TRUE(Take(rates, "a", 1, 1).ok());
}

TEST(TenantRates, SayHowLongTheTenantHasToWait) {
  base::SetClock clock;
  TenantRates rates(
      {.bytes = {.per_second = 100, .burst = 300}, .spans = {.per_second = 10, .burst = 0}}, clock);
  EXPECT_TRUE(Take(rates, "a", 300, 1).ok());
  EXPECT_EQ(Take(rates, "a", 250, 1).error().wait, std::chrono::milliseconds(2500));
  EXPECT_EQ(Take(rates, "a", 1'000'000, 1).error().wait, std::chrono::seconds(3))
      << "until the bucket is full";
  EXPECT_EQ(Take(rates, "a", 10, 10).error().wait, std::chrono::milliseconds(100));
  EXPECT_EQ(rates.TakeSpans("a", 10, 0).error().wait, std::chrono::milliseconds(100));
  Pass(clock, 2.5);
  EXPECT_TRUE(Take(rates, "a", 250, 1).ok());
}

TEST(TenantRates, ForgetTenantsThatHaveTheirFullRateAgain) {
  base::SetClock clock;
  TenantRates rates({.bytes = {.per_second = 1000, .burst = 0}, .spans = {}}, clock);
  for (size_t i = 0; i < 2 * kMaxTenantBuckets; ++i) {
    EXPECT_TRUE(Take(rates, std::to_string(i), 1, 1).ok());
    Pass(clock, 0.01);
  }
  EXPECT_LE(rates.known_tenants(), kMaxTenantBuckets);
}

TEST(TenantRates, TakeOtherLimitsAndThoseOfOneTenant) {
  base::SetClock clock;
  TenantRates rates({.bytes = {.per_second = 100, .burst = 0}, .spans = {}}, clock);
  EXPECT_TRUE(Take(rates, "a", 500, 1).ok());
  EXPECT_FALSE(Take(rates, "a", 1, 1).ok());
  rates.Set({.bytes = {.per_second = 50, .burst = 0}, .spans = {}},
            {{"b", {.bytes = {}, .spans = {.per_second = 3, .burst = 0}}}});
  EXPECT_TRUE(Take(rates, "a", 50, 1).ok()) << "what it owed is forgotten";
  EXPECT_FALSE(Take(rates, "a", 1, 1).ok());
  EXPECT_TRUE(Take(rates, "b", 1000, 3).ok()) << "its own limits say nothing of bytes";
  EXPECT_FALSE(Take(rates, "b", 1, 1).ok());
  rates.Set({}, {});
  EXPECT_TRUE(Take(rates, "a", 1000, 1000).ok());
}

}  // namespace
}  // namespace clew::ingest
