// SPDX-License-Identifier: Apache-2.0
#include "store/block_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "objects/fake_object_store_fixture.h"
#include "store/random_spans_fixture.h"

using testing::IsEmpty;
using testing::SizeIs;

namespace clew::store {
namespace {

void Append(MemtableSet& set, const std::string& tenant, uint64_t lsn) {
  std::mt19937_64 random(lsn);
  const std::shared_ptr<Memtable> memtable = set.OpenOf(tenant);
  WriteRandomSpans(random, 3, *memtable);
  const uint32_t rows = memtable->FinishBody();
  set.NoteAppended(tenant, lsn);
  memtable->Publish(rows);
}

// The answer to a flush was lost, and its block was dropped before the next attempt, which
// must neither fail for ever nor bring the spans back.
TEST(BlockStore, TakesWhatWasFlushedAndIsGoneForFlushed) {
  objects::FakeObjectStore objects;
  const auto store =
      std::move(BlockStore::Open(objects, base::Clock::System(), {.node = 1, .epoch = 1})).value();
  MemtableSet memtables({});
  Append(memtables, "a", 1);
  memtables.SealAll();
  const auto flushed = store->Flush(memtables.NextToFlush());
  ASSERT_TRUE(flushed.ok());
  ASSERT_THAT(flushed.value(), SizeIs(1));
  ASSERT_TRUE(store->Drop({flushed.value().front()->description().id}).ok());

  Append(memtables, "b", 2);
  memtables.SealAll();
  const auto again = store->Flush(memtables.NextToFlush());
  ASSERT_TRUE(again.ok()) << again.error().message;
  ASSERT_THAT(again.value(), SizeIs(2));
  EXPECT_EQ(again.value()[0], nullptr);
  ASSERT_NE(again.value()[1], nullptr);
  EXPECT_EQ(again.value()[1]->description().tenant, "b");
  EXPECT_THAT(store->AllBlocks()["a"], IsEmpty());
}

}  // namespace
}  // namespace clew::store
