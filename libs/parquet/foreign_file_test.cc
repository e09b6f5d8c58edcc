// SPDX-License-Identifier: Apache-2.0
// What other writers do and ours does not, byte by byte.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "base/bytes.h"
#include "parquet/file_reader.h"
#include "parquet/foreign_bounds.h"
#include "parquet/memory_file.h"
#include "parquet/metadata.h"
#include "parquet/page_reader.h"
#include "parquet/thrift_compact.h"

namespace clew::parquet {
namespace {

using base::ErrorCode;
using testing::ElementsAre;

// A file of one column in one row group, from the bytes of its pages on.
struct OneColumn {
  Field field{.name = "a", .type = Type::kInt64};
  std::string pages{};
  uint64_t rows = 0;
  uint64_t values = 0;
  std::optional<uint64_t> data_page_offset{};  // of the file; else the first page's
  std::optional<uint64_t> dictionary_page_offset{};

  std::string Bytes() const {
    const Schema schema = Schema::Make({field}).value();
    const ChunkFooter chunk{.type = schema.columns()[0].type,
                            .encodings = {Encoding::kPlain, Encoding::kRleDictionary},
                            .path = schema.columns()[0].path,
                            .values = values,
                            .uncompressed_bytes = pages.size(),
                            .compressed_bytes = pages.size(),
                            .data_page_offset = data_page_offset.value_or(4),
                            .dictionary_page_offset = dictionary_page_offset};
    FileFooter footer{.fields = {field}, .rows = rows};
    footer.row_groups.push_back({.rows = rows, .chunks = {chunk}});
    return "PAR1" + pages + EndOf(EncodeFooter(footer));
  }

  static std::string EndOf(const std::string& footer) {
    std::string end = footer;
    base::AppendLittle(end, static_cast<uint32_t>(footer.size()));
    return end + "PAR1";
  }
};

std::string PageOf(PageType type, uint64_t values, Encoding encoding, const std::string& body) {
  return EncodePageHeader({.type = type,
                           .uncompressed_bytes = body.size(),
                           .compressed_bytes = body.size(),
                           .values = values,
                           .encoding = encoding}) +
         body;
}

std::string PlainOf(const std::vector<int64_t>& numbers) {
  return {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(int64_t)};
}

// Levels of a v1 page, behind their size.
std::string LevelsOf(const std::vector<uint8_t>& levels, uint8_t highest) {
  std::string bytes;
  EncodeLevels(levels, highest, bytes);
  std::string sized;
  base::AppendLittle(sized, static_cast<uint32_t>(bytes.size()));
  return sized + bytes;
}

TEST(ForeignFile, MayBeNothingButAFooter) {
  const MemorySource source(
      "PAR1" + OneColumn::EndOf(EncodeFooter({.fields = {{.name = "a", .type = Type::kInt64}}})));
  const auto reader = FileReader::Open(source);
  ASSERT_TRUE(reader.ok()) << reader.error().message;
  EXPECT_EQ(reader.value().row_count(), 0U);
  EXPECT_EQ(FileReader::Open(source, FileReader::Checks::kChecked).error().code,
            ErrorCode::kCorruption);
}

// Two rows, the first of which goes on in the second page.
std::string RowInTwoPages() {
  const auto page = [](const std::vector<uint8_t>& repetition,
                       const std::vector<int64_t>& numbers) {
    const std::string body = LevelsOf(repetition, 1) +
                             LevelsOf(std::vector<uint8_t>(numbers.size(), 1), 1) +
                             PlainOf(numbers);
    return PageOf(PageType::kData, numbers.size(), Encoding::kPlain, body);
  };
  return OneColumn{
      .field = {.name = "a", .repetition = Repetition::kRepeated, .type = Type::kInt64},
      .pages = page({0, 1}, {1, 2}) + page({1, 0}, {3, 4}),
      .rows = 2,
      .values = 4}
      .Bytes();
}

TEST(ForeignFile, MayHaveARowInSeveralPages) {
  const MemorySource source(RowInTwoPages());
  const FileReader reader = FileReader::Open(source).value();
  const Page whole = reader.ReadChunk(0, 0).value();
  EXPECT_EQ(whole.rows, 2U);
  EXPECT_THAT(whole.levels.repetition, ElementsAre(0, 1, 1, 0));
  EXPECT_EQ(std::get<Values>(whole.values), Values(std::vector<int64_t>{1, 2, 3, 4}));
  // A page of part of a row stands for nothing.
  EXPECT_EQ(reader.PagesOf(0, 0).error().code, ErrorCode::kUnsupported);
}

TEST(ForeignFile, MayKeepSilentAboutItsDictionary) {
  std::string codes;
  EncodeCodes(std::vector<uint32_t>{1, 0, 1}, 1, codes);
  const MemorySource source(
      OneColumn{.pages = PageOf(PageType::kDictionary, 2, Encoding::kPlain, PlainOf({7, 8})) +
                         PageOf(PageType::kData, 3, Encoding::kRleDictionary, codes),
                .rows = 3,
                .values = 3}
          .Bytes());
  const FileReader reader = FileReader::Open(source).value();
  EXPECT_TRUE(reader.chunk(0, 0).has_dictionary);
  EXPECT_EQ(reader.ReadDictionary(0, 0).value(), Values(std::vector<int64_t>{7, 8}));
  const auto pages = reader.PagesOf(0, 0).value();
  ASSERT_EQ(pages.size(), 1U);
  EXPECT_THAT(std::get<std::vector<uint32_t>>(reader.ReadPage(0, 0, pages[0]).value().values),
              ElementsAre(1, 0, 1));
}

TEST(ForeignFile, MayHaveARowGroupWithoutRows) {
  const MemorySource source(
      OneColumn{.pages = PageOf(PageType::kDictionary, 0, Encoding::kPlainDictionary, ""),
                .data_page_offset = 0,
                .dictionary_page_offset = 4}
          .Bytes());
  const FileReader reader = FileReader::Open(source).value();
  EXPECT_EQ(reader.ReadChunk(0, 0).value().rows, 0U);
  EXPECT_EQ(CountOf(reader.ReadDictionary(0, 0).value()), 0U);
  EXPECT_TRUE(reader.PagesOf(0, 0).value().empty());
}

TEST(ForeignFile, IsRefusedWhenItsLevelsArePacked) {
  const std::string body(6, '\0');
  CompactWriter header;
  header.Int32(1, 0);
  header.Int32(2, static_cast<int64_t>(body.size()));
  header.Int32(3, static_cast<int64_t>(body.size()));
  header.OpenStruct(5);
  header.Int32(1, 8);
  header.Int32(2, 0);
  header.Int32(3, 4);
  header.Int32(4, 4);
  header.Close();
  OneColumn file{.field = {.name = "a", .repetition = Repetition::kOptional, .type = Type::kInt64},
                 .pages = header.Take() + body,
                 .rows = 8,
                 .values = 8};
  const MemorySource source(file.Bytes());
  const auto page = FileReader::Open(source).value().ReadChunk(0, 0);
  EXPECT_EQ(page.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(page.error().message, testing::HasSubstr("BIT_PACKED"));
}

TEST(ForeignFile, IsRefusedWhenAChunkIsOfAnotherColumn) {
  const ChunkFooter chunk{.type = Type::kInt64, .path = {"b"}, .data_page_offset = 4};
  FileFooter footer{.fields = {{.name = "a", .type = Type::kInt64}}};
  footer.row_groups.push_back({.chunks = {chunk}});
  const MemorySource source("PAR1" + OneColumn::EndOf(EncodeFooter(footer)));
  EXPECT_EQ(FileReader::Open(source).error().code, ErrorCode::kCorruption);
}

TEST(ForeignFile, ADictionaryDoesNotFillTheMemory) {
  ByteArrays one;
  one.push_back(std::string(1 << 20, 'x'));
  const std::vector<uint32_t> codes(1025);
  EXPECT_EQ(LookUp(Values(one), codes).error().code, ErrorCode::kTooLarge);
}

std::string Plain(double number) {
  std::string bytes(sizeof number, '\0');
  std::memcpy(bytes.data(), &number, sizeof number);
  return bytes;
}

TEST(ForeignBounds, CountOnlyInTheOrderOfTheType) {
  const Statistics told{.min = "aaaa", .max = "bbbb", .null_count = 3};
  Column column;
  column.type = Type::kInt32;
  EXPECT_EQ(TrustedBounds(told, column, true).min, "aaaa");
  EXPECT_EQ(TrustedBounds(told, column, false).min, std::nullopt);
  column.logical = LogicalType::kOtherOrder;
  EXPECT_EQ(TrustedBounds(told, column, true).max, std::nullopt);
  EXPECT_EQ(TrustedBounds(told, column, true).null_count, 3U);
}

TEST(ForeignBounds, AreNumbersAndHoldForBothZeros) {
  Column column;
  column.type = Type::kDouble;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Statistics zeros = TrustedBounds({.min = Plain(0.0), .max = Plain(-0.0)}, column, true);
  EXPECT_EQ(zeros.min, Plain(-0.0));
  EXPECT_EQ(zeros.max, Plain(0.0));
  const Statistics odd = TrustedBounds({.min = Plain(nan), .max = "short"}, column, true);
  EXPECT_EQ(odd.min, std::nullopt);
  EXPECT_EQ(odd.max, std::nullopt);
}

}  // namespace
}  // namespace clew::parquet
