// SPDX-License-Identifier: Apache-2.0
#include "store/coded_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace clew::store {
namespace {

using testing::ElementsAre;

parquet::Column OptionalTexts() {
  return {.path = {"key"}, .type = parquet::Type::kByteArray, .max_definition = 1};
}

std::shared_ptr<const parquet::Values> Texts(size_t count) {
  parquet::ByteArrays texts;
  for (size_t i = 0; i < count; ++i) texts.push_back("text " + std::to_string(i));
  return std::make_shared<const parquet::Values>(std::move(texts));
}

// Of rows whose codes are given, -1 for no value.
ColumnCells CellsOf(const std::vector<int>& rows, size_t distinct) {
  parquet::Page page{.rows = static_cast<uint32_t>(rows.size()), .levels = {}, .values = {}};
  std::vector<uint32_t> codes;
  for (const int code : rows) {
    page.levels.definition.push_back(code < 0 ? 0 : 1);
    if (code >= 0) codes.push_back(static_cast<uint32_t>(code));
  }
  page.values = std::move(codes);
  return ColumnCells::Make(std::move(page), Texts(distinct), OptionalTexts()).value();
}

std::vector<uint32_t> CodesOf(const CodedRows& coded) {
  return coded.Visit(
      [](const auto& codes) { return std::vector<uint32_t>(codes.begin(), codes.end()); });
}

TEST(CodedRows, TellWhatValueARowHas) {
  const auto coded = CodedRows::Of(CellsOf({2, -1, 0, 2}, 3));
  ASSERT_TRUE(coded);
  EXPECT_EQ(coded->absent(), 3u);
  EXPECT_EQ(coded->code_count(), 4u);
  EXPECT_THAT(CodesOf(*coded), ElementsAre(2, 3, 0, 2));
  EXPECT_EQ(coded->values().Bytes(2), "text 2");
}

TEST(CodedRows, TakeAsFewBytesAsTheirCodesNeed) {
  for (const auto& [distinct, bytes] :
       {std::pair<size_t, size_t>{255, 1}, {256, 2}, {65535, 2}, {65536, 4}}) {
    const auto coded = CodedRows::Of(CellsOf({0, static_cast<int>(distinct) - 1, -1}, distinct));
    ASSERT_TRUE(coded);
    EXPECT_EQ(coded->Visit([](const auto& codes) { return sizeof codes[0]; }), bytes) << distinct;
    EXPECT_THAT(CodesOf(*coded), ElementsAre(0, distinct - 1, distinct));
  }
}

TEST(CodedRows, AreNotThereWithoutADictionary) {
  parquet::Page page{.rows = 2, .levels = {}, .values = std::vector<int64_t>{7, 8}};
  const ColumnCells cells =
      ColumnCells::Make(std::move(page), nullptr,
                        {.path = {"number"}, .type = parquet::Type::kInt64, .max_definition = 0})
          .value();
  EXPECT_FALSE(CodedRows::Of(cells));
}

}  // namespace
}  // namespace clew::store
