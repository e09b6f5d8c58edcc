// SPDX-License-Identifier: Apache-2.0
// For each encoding that there is: values for which it is the smallest are written in it, and
// read back as they were.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "parquet/file_reader.h"
#include "parquet/file_writer.h"
#include "parquet/memory_file.h"
#include "parquet/page_reader.h"

namespace clew::parquet {
namespace {

constexpr uint32_t kRows = 20'000;

// Writes a required column of the type and returns the encoding that was chosen.
Encoding ChosenFor(Type type, const Values& values) {
  const auto schema = Schema::Make({{.name = "column",
                                     .repetition = Repetition::kRequired,
                                     .logical = type == Type::kByteArray ? LogicalType::kString
                                                                         : LogicalType::kNone,
                                     .type = type}})
                          .value();
  MemorySink sink;
  FileWriter writer(sink, schema, {.codec = Codec::kZstd});
  EXPECT_TRUE(writer.BeginRowGroup(std::array{kRows / 2, kRows / 2}).ok());
  EXPECT_TRUE(writer.WriteColumn({.values = values}).ok());
  EXPECT_TRUE(writer.EndRowGroup().ok());
  EXPECT_TRUE(writer.Finish({}).ok());

  const MemorySource source(sink.bytes());
  const auto reader = FileReader::Open(source, FileReader::Checks::kChecked);
  EXPECT_TRUE(reader.ok());
  const auto page = reader.value().ReadChunk(0, 0);
  EXPECT_TRUE(page.ok());
  if (const auto* const plain = std::get_if<Values>(&page.value().values)) {
    EXPECT_TRUE(*plain == values);
  } else {
    const auto& codes = std::get<std::vector<uint32_t>>(page.value().values);
    const Values dictionary = reader.value().ReadDictionary(0, 0).value();
    EXPECT_TRUE(LookUp(dictionary, codes).value() == values);
  }
  return reader.value().chunk(0, 0).encodings.front();
}

template <typename T, typename Make>
std::vector<T> Made(Make make) {
  std::mt19937_64 random(5);
  std::vector<T> values(kRows);
  for (uint32_t row = 0; row < kRows; ++row) values[row] = static_cast<T>(make(row, random));
  return values;
}

TEST(EncodingChoice, NumbersOfChanceArePlain) {
  const auto chance = [](uint32_t, auto& random) { return random(); };
  EXPECT_EQ(ChosenFor(Type::kInt64, Made<int64_t>(chance)), Encoding::kPlain);
  EXPECT_EQ(ChosenFor(Type::kInt32, Made<int32_t>(chance)), Encoding::kPlain);
}

TEST(EncodingChoice, NumbersThatGrowAreTheirSteps) {
  const auto growing = [](uint32_t row, auto& random) {
    return uint64_t{row} * 1000 + random() % 1000;
  };
  EXPECT_EQ(ChosenFor(Type::kInt64, Made<int64_t>(growing)), Encoding::kDeltaBinaryPacked);
  EXPECT_EQ(ChosenFor(Type::kInt32, Made<int32_t>(growing)), Encoding::kDeltaBinaryPacked);
}

TEST(EncodingChoice, FewValuesHaveADictionary) {
  const auto few = [](uint32_t, auto& random) { return random() % 7 * 0x123456789; };
  EXPECT_EQ(ChosenFor(Type::kInt64, Made<int64_t>(few)), Encoding::kRleDictionary);
  EXPECT_EQ(ChosenFor(Type::kDouble, Made<double>(few)), Encoding::kRleDictionary);
}

TEST(EncodingChoice, BooleansThatStayAreRuns) {
  const auto staying = [](uint32_t row, auto&) { return row / 5000 % 2; };
  EXPECT_EQ(ChosenFor(Type::kBoolean, Booleans{Made<uint8_t>(staying)}), Encoding::kRle);
}

// What compresses is the bytes that say how large they are, once they stand together.
TEST(EncodingChoice, NumbersOfOneSizeAreSplitIntoTheirBytes) {
  const auto near = [](uint32_t, auto& random) {
    return 1 + static_cast<double>(random() >> 12) / 1e20;
  };
  EXPECT_EQ(ChosenFor(Type::kDouble, Made<double>(near)), Encoding::kByteStreamSplit);
}

TEST(EncodingChoice, TextsOfChanceHaveTheirLengthsInFront) {
  std::mt19937_64 random(5);
  ByteArrays texts;
  for (uint32_t row = 0; row < kRows; ++row) {
    std::string text(8 + random() % 8, '\0');
    for (char& byte : text) byte = static_cast<char>(33 + random() % 90);
    texts.push_back(text);
  }
  EXPECT_EQ(ChosenFor(Type::kByteArray, texts), Encoding::kDeltaLengthByteArray);
}

}  // namespace
}  // namespace clew::parquet
