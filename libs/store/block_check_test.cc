// SPDX-License-Identifier: Apache-2.0
#include "store/block_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>
#include <utility>

#include "base/bytes.h"
#include "base/hash.h"
#include "base/temporary_folder.h"
#include "base/test_effort.h"
#include "objects/local_object_store.h"
#include "parquet/memory_file.h"
#include "parquet/metadata.h"
#include "store/block.h"
#include "store/block_store.h"
#include "store/block_writer.h"
#include "store/memtable_input.h"
#include "store/merge_input.h"
#include "store/random_spans_fixture.h"

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

namespace clew::store {
namespace {

// Hands a column out as another has it.
class LyingInput final : public BlockInput {
 public:
  using Lie = std::function<void(const BlockColumn&, parquet::ColumnChunk&)>;
  LyingInput(BlockInput& truth, Lie lie) : truth_(truth), lie_(std::move(lie)) {}

  std::span<const Fragment> fragments() const override { return truth_.fragments(); }
  std::vector<AttributeCount> attributes() const override { return truth_.attributes(); }
  void SetColumns(const std::vector<BlockColumn>& columns) override { truth_.SetColumns(columns); }
  base::Result<parquet::ColumnChunk> Read(const BlockColumn& column, RowRange rows) override {
    parquet::ColumnChunk chunk = TRY(truth_.Read(column, rows));
    lie_(column, chunk);
    return chunk;
  }
  base::Result<Others> ReadOthers(RowRange rows) override { return truth_.ReadOthers(rows); }

 private:
  BlockInput& truth_;
  const Lie lie_;
};

class BlockCheckTest : public testing::Test {
 protected:
  BlockCheckTest() {
    objects_ =
        std::move(objects::LocalObjectStore::Open(base::Storage::Local(), folder_.path())).value();
  }

  static void Fill(uint64_t seed, size_t spans, Memtable& memtable) {
    std::mt19937_64 random(seed);
    WriteRandomSpans(random, spans, memtable);
    memtable.Publish(memtable.FinishBody());
  }

  CatalogBlock Write(BlockInput& input, const std::string& id) {
    // Small pages, so that there are several.
    const BlockWriterOptions options{
        .tenant = "t", .block_id = id, .rows_of_group = 100, .rows_of_page = 30};
    const auto written = WriteBlock(input, names_, *objects_, options);
    EXPECT_TRUE(written.ok()) << written.error().message;
    CatalogBlock block{.tenant = "t",
                       .id = id,
                       .format = kBlockFormat,
                       .spans = written.value().spans,
                       .traces = written.value().traces,
                       .min_start_unix_nano = written.value().min_start_unix_nano,
                       .max_start_unix_nano = written.value().max_start_unix_nano};
    for (const WrittenObject& object : written.value().objects) {
      block.objects.push_back({object.name, object.size_bytes, object.hash});
    }
    return block;
  }

  // Puts other bytes in an object's place, and into the catalog as if they were right.
  void Replace(CatalogBlock& block, size_t object, const std::string& bytes) {
    const std::string key = BlockPrefix("t", block.id) + block.objects[object].name;
    ASSERT_TRUE(objects_->Delete(key).ok());
    ASSERT_TRUE(objects_->Put(key, bytes).ok());
    block.objects[object].size_bytes = bytes.size();
    block.objects[object].hash = base::HashOf128(bytes);
  }
  std::string BytesOf(const CatalogBlock& block, size_t object) {
    return objects_->GetAll(BlockPrefix("t", block.id) + block.objects[object].name).value();
  }

  std::vector<std::string> Faults(const CatalogBlock& block) {
    std::vector<std::string> texts;
    for (const BlockFault& fault : CheckBlock(*objects_, block)) {
      texts.push_back(fault.object + ": " + fault.what);
    }
    return texts;
  }

  // All that the block says, or nothing when it cannot be read.
  std::vector<std::string> Texts(const CatalogBlock& catalog) {
    const Block block(*objects_, DescriptionOf(catalog));
    SpanTexts texts;
    if (!block.ReadSpans({0, static_cast<uint32_t>(catalog.spans)}, texts).ok()) return {};
    return texts.Sorted();
  }

  const base::TemporaryFolder folder_;
  std::unique_ptr<objects::LocalObjectStore> objects_;
  ColumnNames names_;
};

TEST_F(BlockCheckTest, FindsNothingInWholeBlocks) {
  for (uint64_t seed = 0; seed < base::TestRounds(20, 200); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Memtable memtable;
    Fill(seed, 1 + seed * 20 % 400, memtable);
    MemtableInput input(memtable);
    EXPECT_THAT(Faults(Write(input, "B" + std::to_string(seed))), IsEmpty());
  }
}

// Another footer in the place of a file's, with the checksum of its own.
std::string WithFooter(std::string file, const std::function<void(std::string&)>& change) {
  constexpr size_t kEndBytes = 8;  // the size of the footer, and PAR1
  const auto size = base::LoadLittle<uint32_t>(file.data() + file.size() - kEndBytes);
  const size_t begin = file.size() - kEndBytes - size;
  std::string footer = file.substr(begin, size);
  change(footer);
  std::string checksum;
  base::AppendLittle(checksum, base::Crc32c(footer));
  return file.replace(begin - checksum.size(), checksum.size(), checksum)
      .replace(begin, size, footer);
}

// Replaces each, of which there is one at least, by another of the same size.
void ReplaceAll(std::string& text, const std::string& from, const std::string& to) {
  ASSERT_NE(text.find(from), std::string::npos);
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + 1)) {
    text.replace(at, from.size(), to);
  }
}

// Queries pass over row groups by them.
TEST_F(BlockCheckTest, FindsBoundsOfAChunkThatAreNotThoseOfItsPages) {
  Memtable memtable;
  Fill(3, 300, memtable);
  MemtableInput input(memtable);
  const CatalogBlock whole = Write(input, "B");
  for (const size_t object : {size_t{0}, size_t{1}}) {
    SCOPED_TRACE(whole.objects[object].name);
    CatalogBlock block = whole;
    const std::string bytes = BytesOf(block, object);
    const parquet::MemorySource source(bytes);
    const auto file =
        parquet::FileReader::Open(source, parquet::FileReader::Checks::kChecked).value();
    const size_t column = *file.schema().Find("start_unix_nano");
    const std::string least = *file.chunk(0, column).statistics.min;
    std::string later = least;
    later[1] = static_cast<char>(later[1] + 1);
    Replace(block, object,
            WithFooter(bytes, [&](std::string& footer) { ReplaceAll(footer, least, later); }));
    EXPECT_THAT(Faults(block), Contains(AllOf(StartsWith(block.objects[object].name),
                                              HasSubstr("row group 0, column start_unix_nano"),
                                              HasSubstr("outside the bounds of their chunk"))));
    Replace(block, object, bytes);
  }
}

std::string HexOf(uint32_t checksum) {
  std::array<char, 9> digits{};
  std::snprintf(digits.data(), digits.size(), "%08x", checksum);
  return digits.data();
}

// One bit that is gone is enough for a value to be passed over.
TEST_F(BlockCheckTest, FindsABloomFilterThatDoesNotKnowAValue) {
  Memtable memtable;
  Fill(3, 300, memtable);
  MemtableInput input(memtable);
  CatalogBlock block = Write(input, "B");
  const std::string bytes = BytesOf(block, 0);
  const parquet::MemorySource source(bytes);
  const auto file =
      parquet::FileReader::Open(source, parquet::FileReader::Checks::kChecked).value();
  const size_t columns = file.schema().columns().size();
  size_t column = 0;
  while (column < columns && !file.chunk(0, column).has_bloom_filter) ++column;
  ASSERT_LT(column, columns);
  const std::string filter = file.ReadBloomFilter(0, column).value();
  std::string less = filter;
  const size_t bits = less.find_last_not_of('\0');
  less[bits] = static_cast<char>(less[bits] & (less[bits] - 1));
  const std::string header = parquet::EncodeBloomFilterHeader(filter.size());
  std::string damaged = bytes;
  ReplaceAll(damaged, header + filter, header + less);
  Replace(block, 0, WithFooter(damaged, [&](std::string& footer) {
            ReplaceAll(footer, HexOf(base::Crc32c(header + filter)),
                       HexOf(base::Crc32c(header + less)));
          }));
  EXPECT_THAT(
      Faults(block),
      Contains(AllOf(HasSubstr("row group 0, column " + file.schema().columns()[column].name()),
                     HasSubstr("its Bloom filter does not know"))));
}

// Of spans that are equal in start and id, the first by their bytes has the children, although
// it may be the last by its place.
TEST_F(BlockCheckTest, FindsNothingWhereAnotherCopyOfASpanStandsBeforeTheParent) {
  Memtable memtable;
  memtable.OnResource({});
  memtable.OnScope({});
  const auto add = [&](const char* id, const char* parent, int64_t start) {
    model::SpanView span;
    span.trace_id = *model::TraceId::FromHex("1");
    span.span_id = *model::SpanId::FromHex(id);
    if (parent != nullptr) span.parent_span_id = *model::SpanId::FromHex(parent);
    span.start_unix_nano = start;
    memtable.OnSpan(span);
  };
  add("2", nullptr, 10);
  add("1", nullptr, 20);
  add("9", "2", 30);
  add("9", "1", 30);
  add("7", "9", 40);
  memtable.Publish(memtable.FinishBody());
  MemtableInput input(memtable);
  EXPECT_THAT(Faults(Write(input, "B")), IsEmpty());
}

TEST_F(BlockCheckTest, FindsNothingInMergedBlocks) {
  for (uint64_t seed = 0; seed < base::TestRounds(10, 100); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::vector<std::shared_ptr<const Block>> blocks;
    for (uint64_t part = 0; part < 3; ++part) {
      Memtable memtable;
      // Of one seed, so that ids and whole traces come again.
      Fill(seed + part % 2, 60, memtable);
      MemtableInput input(memtable);
      const CatalogBlock block = Write(input, "P" + std::to_string(seed * 3 + part));
      blocks.push_back(std::make_shared<const Block>(*objects_, DescriptionOf(block)));
    }
    const auto input = MergeInput::Open(blocks);
    ASSERT_TRUE(input.ok());
    EXPECT_THAT(Faults(Write(*input.value(), "M" + std::to_string(seed))), IsEmpty());
  }
}

// Also when the catalog has the hash of the damaged bytes: the files guard themselves.
TEST_F(BlockCheckTest, FindsEveryFlippedByteThatMatters) {
  Memtable memtable;
  Fill(7, 90, memtable);
  MemtableInput input(memtable);
  const CatalogBlock whole = Write(input, "B");
  const std::vector<std::string> texts = Texts(whole);
  std::mt19937_64 random(1);
  for (size_t object = 0; object < whole.objects.size(); ++object) {
    const std::string bytes = BytesOf(whole, object);
    for (uint64_t round = 0; round < base::TestRounds(80, 2000); ++round) {
      const size_t at = random() % bytes.size();
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << random() % 8));
      CatalogBlock block = whole;
      Replace(block, object, damaged);
      const bool harmless = Faults(block).empty();
      EXPECT_TRUE(!harmless || Texts(block) == texts) << object << " byte " << at;
      block.objects[object].hash = whole.objects[object].hash;
      EXPECT_THAT(Faults(block), Not(IsEmpty())) << object << " byte " << at;
    }
    CatalogBlock block = whole;
    Replace(block, object, bytes.substr(0, bytes.size() / 2));
    block.objects[object] = whole.objects[object];
    EXPECT_THAT(Faults(block), Not(IsEmpty()));
    Replace(block, object, bytes);
    EXPECT_THAT(Faults(block), IsEmpty());
  }
}

TEST_F(BlockCheckTest, FindsColumnsThatLieAboutTheTraces) {
  for (const Intrinsic lied :
       {Intrinsic::kSubtreeRows, Intrinsic::kRowInTrace, Intrinsic::kStartUnixNano}) {
    SCOPED_TRACE(NameOf(lied));
    Memtable memtable;
    Fill(3, 200, memtable);
    MemtableInput truth(memtable);
    LyingInput input(truth, [&](const BlockColumn& column, parquet::ColumnChunk& chunk) {
      if (!column.Is(lied)) return;
      auto* coded = std::get_if<parquet::CodedValues>(&chunk.values);
      parquet::Values& values =
          coded == nullptr ? std::get<parquet::Values>(chunk.values) : coded->dictionary;
      if (auto* narrow = std::get_if<std::vector<int32_t>>(&values)) narrow->back() += 1;
      if (auto* wide = std::get_if<std::vector<int64_t>>(&values))
        wide->back() -= 3'600'000'000'000;
    });
    EXPECT_THAT(Faults(Write(input, "L" + std::string(NameOf(lied)))), Not(IsEmpty()));
  }
}

TEST_F(BlockCheckTest, FindsFilesOfAnotherBlock) {
  Memtable memtable, other;
  Fill(1, 80, memtable);
  Fill(2, 80, other);
  MemtableInput input(memtable), other_input(other);
  const CatalogBlock whole = Write(input, "B");
  const CatalogBlock strange = Write(other_input, "O");
  for (size_t object = 0; object < 3; ++object) {
    CatalogBlock block = whole;
    const std::string bytes = BytesOf(whole, object);
    Replace(block, object, BytesOf(strange, object));
    EXPECT_THAT(Faults(block), Not(IsEmpty())) << block.objects[object].name;
    Replace(block, object, bytes);
  }
}

TEST_F(BlockCheckTest, ComparesWithTheCatalog) {
  Memtable memtable;
  Fill(1, 80, memtable);
  MemtableInput input(memtable);
  CatalogBlock block = Write(input, "B");
  ++block.spans;
  EXPECT_THAT(Faults(block), ElementsAre(HasSubstr("the catalog counts 81 spans")));
  --block.spans;
  ++block.max_start_unix_nano;
  EXPECT_THAT(Faults(block), ElementsAre(HasSubstr("times")));
  --block.max_start_unix_nano;
  ASSERT_TRUE(objects_->Delete(BlockPrefix("t", "B") + "meta.json").ok());
  EXPECT_THAT(Faults(block), ElementsAre(HasSubstr("meta.json")));
}

}  // namespace
}  // namespace clew::store
