// SPDX-License-Identifier: Apache-2.0
// What is usual lies in merged blocks, follows what becomes of their traces, and is never the
// reason that something else fails.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/log.h"
#include "base/memory_storage.h"
#include "objects/fake_object_store_fixture.h"
#include "store/block.h"
#include "store/block_check.h"
#include "store/block_writer.h"
#include "store/memtable.h"
#include "store/memtable_input.h"
#include "store/trace_store_fixture.h"

using testing::IsEmpty;
using testing::SizeIs;

namespace clew::store {
namespace {

using derive::RootOperation;

const RootOperation kRoot{.service = "", .name = "op"};

uint64_t TracesIn(const Block& block) {
  const auto times = block.ReadUsualTimes(kRoot);
  EXPECT_TRUE(times.ok()) << times.error().message;
  return times.ok() && times.value() ? times.value()->traces() : 0;
}

class UsualTimesOfStore : public testing::Test {
 protected:
  static TraceStoreOptions Options() {
    TraceStoreOptions options;
    options.directory = "data";
    options.compaction = {.fan_in = 2, .max_fan_in = 4};
    options.idle_look = std::chrono::hours(1);  // only when it is told to
    return options;
  }
  static std::vector<std::shared_ptr<const Block>> BlocksOf(const TraceStore& store) {
    return store.SourcesOf(kTestTenant).blocks;
  }

  base::MemoryStorage storage_;
};

TEST_F(UsualTimesOfStore, AreInMergedBlocksAndNotInFlushedOnes) {
  const auto store = OpenAndReplay(storage_, Options()).value();
  for (uint8_t i = 1; i <= 2; ++i) {
    ASSERT_TRUE(AppendTo(*store, BodyOf(i)).ok());
    ASSERT_TRUE(store->Flush().ok());
    EXPECT_EQ(BlocksOf(*store).back()->description().usual_times_bytes, 0U);
  }
  ASSERT_TRUE(store->Compact().ok());
  ASSERT_THAT(BlocksOf(*store), SizeIs(1));
  EXPECT_EQ(TracesIn(*BlocksOf(*store).front()), 2U);
}

TEST_F(UsualTimesOfStore, ForgetATraceThatIsDeleted) {
  const auto store = OpenAndReplay(storage_, Options()).value();
  for (uint8_t i = 1; i <= 3; ++i) ASSERT_TRUE(AppendTo(*store, BodyOf(i)).ok());
  ASSERT_TRUE(store->Flush().ok());
  ASSERT_TRUE(AppendTo(*store, BodyOf(4)).ok());
  ASSERT_TRUE(store->Flush().ok());
  ASSERT_TRUE(store->Compact().ok());
  EXPECT_EQ(TracesIn(*BlocksOf(*store).front()), 4U);
  ASSERT_TRUE(store->Delete(kTestTenant, TraceOf(2)).ok());
  EXPECT_EQ(TracesIn(*BlocksOf(*store).front()), 3U);
}

// Cannot take what is usual, and can take anything else.
class RefusingStore final : public objects::ObjectStore {
 public:
  base::Result<std::unique_ptr<objects::ObjectUpload>> BeginUpload(std::string_view key) override {
    if (key.ends_with(kUsualTimesObject)) {
      return base::Error{base::ErrorCode::kExhausted, "no space left"};
    }
    return objects_.BeginUpload(key);
  }
  base::Result<std::string> Get(std::string_view key, uint64_t offset, uint64_t size) override {
    return objects_.Get(key, offset, size);
  }
  base::Result<std::string> GetAll(std::string_view key) override { return objects_.GetAll(key); }
  base::Result<uint64_t> SizeOf(std::string_view key) override { return objects_.SizeOf(key); }
  base::Status Put(std::string_view key, std::string_view bytes) override {
    return objects_.Put(key, bytes);
  }
  base::Result<bool> PutIfAbsent(std::string_view key, std::string_view bytes) override {
    return objects_.PutIfAbsent(key, bytes);
  }
  base::Result<std::vector<std::string>> List(std::string_view prefix) override {
    return objects_.List(prefix);
  }
  base::Status Delete(std::string_view key) override { return objects_.Delete(key); }

 private:
  objects::FakeObjectStore objects_;
};

class UsualTimesOfBlock : public testing::Test {
 protected:
  static void SetUpTestSuite() { base::SetLogSilent(); }

  // Of so many traces with one span each.
  WrittenBlock Write(objects::ObjectStore& objects, uint8_t traces) {
    Memtable memtable;
    for (uint8_t i = 1; i <= traces; ++i) {
      memtable.OnResource({});
      memtable.OnScope({});
      memtable.OnSpan({.trace_id = TraceOf(i),
                       .span_id = *model::SpanId::FromHex("1"),
                       .parent_span_id = {},
                       .name = "op",
                       .start_unix_nano = 5,
                       .end_unix_nano = 5 + int64_t{i}});
    }
    memtable.Publish(memtable.FinishBody());
    MemtableInput input(memtable);
    auto written = WriteBlock(input, names_, objects, options_);
    EXPECT_TRUE(written.ok()) << written.error().message;
    return std::move(written).value();
  }
  CatalogBlock InCatalog(const WrittenBlock& written) const {
    CatalogBlock block{.tenant = options_.tenant,
                       .id = options_.block_id,
                       .format = kBlockFormat,
                       .spans = written.spans,
                       .traces = written.traces,
                       .min_start_unix_nano = written.min_start_unix_nano,
                       .max_start_unix_nano = written.max_start_unix_nano};
    for (const WrittenObject& object : written.objects) {
      block.objects.push_back({object.name, object.size_bytes, object.hash});
    }
    return block;
  }

  const BlockWriterOptions options_{.tenant = "t", .block_id = "B", .with_usual_times = true};
  ColumnNames names_;
};

TEST_F(UsualTimesOfBlock, ThatCannotBeWrittenAreLeftOut) {
  RefusingStore objects;
  const CatalogBlock block = InCatalog(Write(objects, 3));
  EXPECT_THAT(block.objects, SizeIs(4));
  EXPECT_THAT(CheckBlock(objects, block), IsEmpty());
  EXPECT_EQ(TracesIn(Block(objects, DescriptionOf(block))), 0U);
}

TEST_F(UsualTimesOfBlock, ThatAreDamagedAreNamedAndNothingElseIs) {
  objects::FakeObjectStore objects;
  const CatalogBlock block = InCatalog(Write(objects, 3));
  ASSERT_THAT(CheckBlock(objects, block), IsEmpty());
  const std::string key = BlockPrefix("t", "B") + std::string(kUsualTimesObject);
  std::string bytes = objects.GetAll(key).value();
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  ASSERT_TRUE(objects.Delete(key).ok());
  ASSERT_TRUE(objects.Put(key, bytes).ok());
  const std::vector<BlockFault> faults = CheckBlock(objects, block);
  ASSERT_FALSE(faults.empty());
  for (const BlockFault& fault : faults) EXPECT_EQ(fault.object, kUsualTimesObject);
  const auto read = Block(objects, DescriptionOf(block)).ReadUsualTimes(kRoot);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, base::ErrorCode::kCorruption);
  EXPECT_THAT(read.error().message, testing::HasSubstr(key));
}

TEST_F(UsualTimesOfBlock, OfABlockOfBeforeAreNone) {
  objects::FakeObjectStore objects;
  CatalogBlock block = InCatalog(Write(objects, 3));
  std::erase_if(block.objects, [](const auto& object) { return object.name == kUsualTimesObject; });
  EXPECT_EQ(TracesIn(Block(objects, DescriptionOf(block))), 0U);
  EXPECT_THAT(CheckBlock(objects, block), IsEmpty());
}

}  // namespace
}  // namespace clew::store
