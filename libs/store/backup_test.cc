// SPDX-License-Identifier: Apache-2.0
#include "store/backup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <future>
#include <memory>

#include "base/fault_storage.h"
#include "base/temporary_folder.h"
#include "objects/local_object_store.h"
#include "store/block_check.h"
#include "store/catalog.h"
#include "store/trace_store.h"
#include "wire/otlp_writer.h"

using testing::HasSubstr;

namespace clew::store {
namespace {

constexpr std::string_view kTenant = "tenant";

class BackupTest : public testing::Test {
 protected:
  static model::TraceId TraceOf(uint8_t number) {
    model::TraceId id;
    id.bytes[15] = number;
    return id;
  }

  static std::unique_ptr<TraceStore> OpenStore(const std::string& directory) {
    TraceStoreOptions options{.directory = directory};
    options.compaction.fan_in = 1000;  // nothing is merged behind the test's back
    auto store =
        std::move(TraceStore::Open(base::Storage::Local(), base::Clock::System(), options)).value();
    EXPECT_TRUE(store->Replay([](const ReplayProgress&) {}).ok());
    return store;
  }

  // One span of that trace, in a block of its own.
  static void AddBlock(TraceStore& store, uint8_t number) {
    wire::OtlpWriter writer;
    writer.OnResource({});
    writer.OnScope({});
    writer.OnSpan({.trace_id = TraceOf(number),
                   .span_id = *model::SpanId::FromHex("1"),
                   .parent_span_id = {},
                   .name = "op"});
    writer.OnAttribute("key", model::ValueView::Int(number));
    const std::string body = writer.Take();
    std::promise<bool> done;
    store.AppendAsync({.tenant = kTenant,
                       .format = wire::Format::kOtlpProtobuf,
                       .encoding = wire::ContentEncoding::kIdentity,
                       .body = body,
                       .plain = body},
                      [&](const base::Result<Appended>& result) { done.set_value(result.ok()); });
    ASSERT_TRUE(done.get_future().get());
    ASSERT_TRUE(store.Flush().ok());
  }

  base::Result<BackupReport> Write(const std::string& from, const std::string& to,
                                   base::Storage& storage = base::Storage::Local()) {
    return WriteBackup(storage, base::Clock::System(), folder_ + from, folder_ + to);
  }

  // How many blocks a directory has; each of them is whole.
  size_t WholeBlocks(const std::string& directory) {
    const auto objects =
        objects::LocalObjectStore::OpenToRead(base::Storage::Local(), folder_ + directory);
    if (!base::Storage::Local().Exists(folder_ + directory + "/catalog")) return 0;
    const auto catalog = Catalog::Open(*objects, base::Clock::System(), {});
    EXPECT_TRUE(catalog.ok());
    const auto state = catalog.value()->state();
    for (const auto& [id, block] : state->blocks()) {
      for (const BlockFault& fault : CheckBlock(*objects, block)) ADD_FAILURE() << fault.what;
    }
    return state->blocks().size();
  }

  static bool Has(const TraceStore& store, uint8_t number) {
    for (const auto& block : store.SourcesOf(kTenant).blocks) {
      if (!block->Find(TraceOf(number)).value().empty()) return true;
    }
    return false;
  }

  const base::TemporaryFolder temporary_;
  const std::string folder_ = temporary_.path();
};

TEST_F(BackupTest, IsBroughtUpToDateAndStartsAsAStore) {
  const auto store = OpenStore(folder_ + "/data");
  AddBlock(*store, 1);
  AddBlock(*store, 2);
  const auto first = Write("/data", "/backup");
  ASSERT_TRUE(first.ok()) << first.error().message;
  EXPECT_EQ(first.value().blocks, 2u);
  EXPECT_EQ(first.value().spans, 2u);
  EXPECT_EQ(first.value().added, 2u);
  AddBlock(*store, 3);
  const auto second = Write("/data", "/backup");
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second.value().blocks, 3u);
  EXPECT_EQ(second.value().added, 1u);
  EXPECT_EQ(Write("/data", "/backup").value().added, 0u);

  // Restored, it takes new spans whose places in the log were used before.
  ASSERT_TRUE(Write("/backup", "/restored").ok());
  const auto restored = OpenStore(folder_ + "/restored");
  AddBlock(*restored, 4);
  for (uint8_t number = 1; number <= 4; ++number) {
    EXPECT_TRUE(Has(*restored, number)) << int{number};
  }
  EXPECT_FALSE(Has(*store, 4));
  EXPECT_EQ(WholeBlocks("/backup"), 3u);
}

TEST_F(BackupTest, LosesTheBlocksThatTheSourceLost) {
  {
    const auto store = OpenStore(folder_ + "/data");
    AddBlock(*store, 1);
    AddBlock(*store, 2);
  }
  ASSERT_TRUE(Write("/data", "/backup").ok());
  {
    const auto objects =
        objects::LocalObjectStore::OpenToRead(base::Storage::Local(), folder_ + "/data");
    std::filesystem::create_directories(folder_ + "/data/uploads");
    const auto catalog = Catalog::Open(*objects, base::Clock::System(), {});
    const std::string id = catalog.value()->state()->blocks().begin()->first;
    ASSERT_TRUE(catalog.value()->Commit({.removed = {id}}).ok());
  }
  const auto again = Write("/data", "/backup");
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again.value().removed, 1u);
  EXPECT_EQ(WholeBlocks("/backup"), 1u);
}

TEST_F(BackupTest, CopiesWhereItCannotLink) {
  AddBlock(*OpenStore(folder_ + "/data"), 1);
  base::FaultStorage no_links(base::Storage::Local(),
                              {.kind = base::FaultStorage::Call::kLink, .at = 0});
  ASSERT_TRUE(Write("/data", "/backup", no_links).ok());
  EXPECT_EQ(WholeBlocks("/backup"), 1u);
  std::filesystem::remove_all(folder_ + "/data");
  EXPECT_EQ(WholeBlocks("/backup"), 1u);
}

TEST_F(BackupTest, IsWholeAfterEveryFault) {
  {
    const auto store = OpenStore(folder_ + "/data");
    AddBlock(*store, 1);
    AddBlock(*store, 2);
  }
  for (const bool lasts : {false, true}) {
    bool struck = true;
    for (uint64_t at = 0; struck; ++at) {
      std::filesystem::remove_all(folder_ + "/backup");
      base::FaultStorage storage(base::Storage::Local(), {.at = at, .lasts = lasts});
      const auto written = Write("/data", "/backup", storage);
      struck = storage.struck();
      EXPECT_LE(WholeBlocks("/backup"), 2u);
      if (written.ok()) {
        EXPECT_EQ(WholeBlocks("/backup"), 2u) << at;
      }
      ASSERT_TRUE(Write("/data", "/backup").ok()) << at;
      EXPECT_EQ(WholeBlocks("/backup"), 2u) << at;
    }
  }
  EXPECT_EQ(WholeBlocks("/data"), 2u);
}

TEST_F(BackupTest, NeedsSomethingToTake) {
  EXPECT_THAT(Write("/nothing", "/backup").error().message, HasSubstr("/nothing"));
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/backup"));
}

}  // namespace
}  // namespace clew::store
