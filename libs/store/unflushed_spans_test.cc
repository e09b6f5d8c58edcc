// SPDX-License-Identifier: Apache-2.0
#include "store/unflushed_spans.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "base/memory_storage.h"
#include "objects/local_object_store.h"
#include "store/catalog.h"
#include "store/trace_store_fixture.h"

namespace clew::store {
namespace {

// As somebody sees it who has not the store, but its files.
base::Result<UnflushedSpans> Look(base::Storage& storage, std::string_view tenant = kTestTenant) {
  const auto objects = objects::LocalObjectStore::OpenToRead(storage, "data");
  const auto catalog =
      TRY(Catalog::Open(*objects, base::Clock::System(), {.snapshot_bytes = UINT64_MAX}));
  return ReadUnflushed(storage, "data", *catalog->state(), tenant);
}

uint32_t RowsOf(base::Storage& storage, std::string_view tenant = kTestTenant) {
  return Look(storage, tenant).value().memtable->published_rows();
}

TEST(UnflushedSpans, AreThoseOfTheLogThatAreInNoBlock) {
  base::MemoryStorage storage;
  const auto store = OpenAndReplay(storage, {.directory = "data"}).value();
  ASSERT_TRUE(AppendTo(*store, BodyOf(1)).ok());
  ASSERT_TRUE(AppendTo(*store, BodyOf(2)).ok());
  EXPECT_EQ(RowsOf(storage), 2);
  EXPECT_EQ(RowsOf(storage, "another"), 0);
  ASSERT_TRUE(store->Flush().ok());
  EXPECT_EQ(RowsOf(storage), 0);
  ASSERT_TRUE(AppendTo(*store, BodyOf(3)).ok());
  const UnflushedSpans unflushed = Look(storage).value();
  EXPECT_EQ(unflushed.memtable->RowsOf(TraceOf(3)).size(), 1);
  EXPECT_EQ(unflushed.memtable->published_rows(), 1);
  store->Close();
}

TEST(UnflushedSpans, OfADirectoryThatIsNoneAreAnError) {
  base::MemoryStorage storage;
  const CatalogState nothing;
  EXPECT_FALSE(ReadUnflushed(storage, "nowhere", nothing, kTestTenant).ok());
}

}  // namespace
}  // namespace clew::store
