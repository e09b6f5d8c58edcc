// SPDX-License-Identifier: Apache-2.0
#include "store/memtable_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

using testing::IsEmpty;
using testing::SizeIs;

namespace clew::store {
namespace {

// Scans one span with a string of `bytes` into the tenant's memtable.
bool Append(MemtableSet& set, const std::string& tenant, uint64_t lsn, size_t bytes = 10,
            bool publish = true) {
  const std::shared_ptr<Memtable> memtable = set.OpenOf(tenant);
  memtable->OnResource({});
  memtable->OnScope({});
  model::SpanView span;
  span.trace_id.bytes[0] = 1;
  span.span_id.bytes[0] = 1;
  memtable->OnSpan(span);
  const std::string text = std::to_string(lsn) + std::string(bytes, 'x');
  memtable->OnAttribute("key", model::ValueView::String(text));
  const uint32_t rows = memtable->FinishBody();
  const bool sealed = set.NoteAppended(tenant, lsn);
  if (publish) memtable->Publish(rows);
  return sealed;
}

TEST(MemtableSet, SealsATenantAtItsSize) {
  MemtableSet set({.seal_bytes = 200'000, .budget_bytes = 10'000'000});
  uint64_t lsn = 1;
  while (!Append(set, "a", lsn, 1000)) ++lsn;
  EXPECT_GT(lsn, 20u);
  ASSERT_THAT(set.NextToFlush(), SizeIs(1));
  const auto sealed = set.NextToFlush().front();
  EXPECT_EQ(sealed->lsns.first, 1u);
  EXPECT_EQ(sealed->lsns.last, lsn);
  EXPECT_EQ(sealed->rows, lsn);
  EXPECT_THAT(set.Of("a"), SizeIs(1));
  EXPECT_FALSE(Append(set, "a", lsn + 1));
  EXPECT_THAT(set.Of("a"), SizeIs(2));
  EXPECT_EQ(set.FirstLsn(), 1u);
  set.Remove(*sealed);
  EXPECT_THAT(set.Of("a"), SizeIs(1));
  EXPECT_EQ(set.FirstLsn(), lsn + 1);
}

TEST(MemtableSet, SealsTheLargestOverTheBudget) {
  MemtableSet set({.seal_bytes = 100'000'000, .budget_bytes = 2'000'000});
  uint64_t lsn = 1;
  Append(set, "small", lsn++);
  while (!Append(set, "large", lsn, 10'000)) ++lsn;
  ASSERT_THAT(set.NextToFlush(), SizeIs(1));
  EXPECT_EQ(set.NextToFlush().front()->tenant, "large");
  EXPECT_EQ(set.FirstLsn(), 1u);
}

TEST(MemtableSet, GivesNothingAwayThatIsNotDurable) {
  MemtableSet set({});
  Append(set, "a", 1, 10, /*publish=*/false);
  set.SealAll();
  EXPECT_THAT(set.NextToFlush(), IsEmpty());
  EXPECT_TRUE(set.has_sealed());
}

// A block of each is due only when it must be, and then many are.
TEST(MemtableSet, LeavesSmallOnesAloneUntilTheyAreTooManyAndThenSealsTheLargest) {
  MemtableSet set({.budget_bytes = 400'000, .small_budget_bytes = 800'000});
  uint64_t lsn = 1;
  size_t turns = 0;
  for (bool sealed = false; !sealed; ++turns) {
    for (int tenant = 0; tenant < 20; ++tenant) {
      const size_t bytes = tenant < 10 ? 10 : 200;
      sealed = Append(set, "t" + std::to_string(10 + tenant), lsn++, bytes) || sealed;
    }
  }
  EXPECT_GT(turns, 50u);
  const SealedMemtables sealed = set.NextToFlush();
  ASSERT_THAT(sealed, SizeIs(testing::AllOf(testing::Ge(2u), testing::Le(6u))));
  for (const auto& memtable : sealed) EXPECT_GE(memtable->tenant, "t20");
}

TEST(MemtableSet, SealsASmallOneForTheBudgetOnlyWhenItIsWorthABlock) {
  MemtableSet set({.budget_bytes = 12'000'000, .small_budget_bytes = 100'000'000});
  uint64_t lsn = 1;
  for (int round = 0; round < 120; ++round) {
    for (char tenant = 'a'; tenant <= 'j'; ++tenant) {
      EXPECT_FALSE(Append(set, std::string(1, tenant), lsn++, 10'000));
    }
  }
  EXPECT_GT(set.size_bytes(), 12'000'000u);
  const uint64_t before = lsn;
  while (!Append(set, "b", lsn, 10'000)) ++lsn;
  EXPECT_LT(lsn, before + 40);
  ASSERT_THAT(set.NextToFlush(), SizeIs(1));
  EXPECT_EQ(set.NextToFlush().front()->tenant, "b");
}

TEST(MemtableSet, SealsALargeOneBesideManySmallOnesInPiecesWorthABlock) {
  MemtableSet set(
      {.seal_bytes = 4'000'000, .budget_bytes = 4'000'000, .small_budget_bytes = 400'000'000});
  uint64_t lsn = 1;
  for (int tenant = 0; set.size_bytes() < 5'000'000; ++tenant) {
    EXPECT_FALSE(Append(set, "small" + std::to_string(tenant), lsn++, 10'000));
  }
  while (!Append(set, "large", lsn, 10'000)) ++lsn;
  const auto sealed = set.NextToFlush().front();
  EXPECT_EQ(sealed->tenant, "large");
  EXPECT_GE(sealed->size_bytes, 500'000u);
}

TEST(MemtableSet, SealsThoseThatBeganBeforeARecord) {
  MemtableSet set({});
  Append(set, "b", 1);
  Append(set, "a", 2);
  Append(set, "b", 3);
  EXPECT_FALSE(set.SealBefore(1));
  EXPECT_TRUE(set.SealBefore(2));
  EXPECT_EQ(set.NextToFlush().front()->tenant, "b");
  EXPECT_EQ(set.FirstLsn(), 1u);
  set.Remove(*set.NextToFlush().front());
  EXPECT_EQ(set.FirstLsn(), 2u);
  Append(set, "c", 4);
  EXPECT_TRUE(set.SealBefore(5));
  EXPECT_THAT(set.NextToFlush(), SizeIs(2));
}

TEST(MemtableSet, GivesSmallOnesTogetherAndLargeOnesAlone) {
  MemtableSet set({});
  for (uint64_t lsn = 1; lsn <= 600; ++lsn) Append(set, "t" + std::to_string(1000 + lsn), lsn);
  set.SealAll();
  EXPECT_THAT(set.NextToFlush(), SizeIs(512));
  EXPECT_EQ(set.NextToFlush()[1]->tenant, "t1002");

  MemtableSet large({.seal_bytes = 100'000'000, .budget_bytes = 100'000'000});
  for (const char* const tenant : {"a", "b"}) {
    for (uint64_t lsn = 1; lsn <= 100; ++lsn) Append(large, tenant, lsn, 100'000);
  }
  large.SealAll();
  EXPECT_THAT(large.NextToFlush(), SizeIs(1));
}

TEST(MemtableSet, CountsItsMemory) {
  MemtableSet set({});
  EXPECT_EQ(set.size_bytes(), 0u);
  Append(set, "a", 1);
  const uint64_t size = set.size_bytes();
  EXPECT_GT(size, 0u);
  set.SealAll();
  EXPECT_EQ(set.size_bytes(), size);
  set.Remove(*set.NextToFlush().front());
  EXPECT_EQ(set.size_bytes(), 0u);
  EXPECT_EQ(set.FirstLsn(), std::nullopt);
}

}  // namespace
}  // namespace clew::store
