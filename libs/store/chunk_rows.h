// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "parquet/file_writer.h"

// A column chunk on its way to a file, row by row.
namespace clew::store {

// The values, each once where they have codes.
inline const parquet::Values& ValuesOf(const parquet::ColumnChunk& chunk) {
  const auto* coded = std::get_if<parquet::CodedValues>(&chunk.values);
  return coded == nullptr ? std::get<parquet::Values>(chunk.values) : coded->dictionary;
}

// Calls `visit(row, place)` for each row of a flat column, with the value's place among
// ValuesOf, or UINT32_MAX where there is none.
template <typename Visit>
void ForEachPlace(const parquet::ColumnChunk& chunk, uint32_t rows, Visit visit) {
  const auto* coded = std::get_if<parquet::CodedValues>(&chunk.values);
  uint32_t value = 0;
  for (uint32_t row = 0; row < rows; ++row) {
    const bool present = chunk.levels.definition.empty() || chunk.levels.definition[row] != 0;
    if (!present) {
      visit(row, UINT32_MAX);
      continue;
    }
    visit(row, coded == nullptr ? value : coded->codes[value]);
    ++value;
  }
}

// The same of a LIST: `visit(row, place)` for each element that has a value.
template <typename Visit>
void ForEachElement(const parquet::ColumnChunk& chunk, Visit visit) {
  constexpr uint8_t kValue = 3;  // the list is there, has an element, and that has a value
  const auto* coded = std::get_if<parquet::CodedValues>(&chunk.values);
  uint32_t value = 0, row = 0;
  for (size_t entry = 0; entry < chunk.levels.definition.size(); ++entry) {
    if (entry > 0 && chunk.levels.repetition[entry] == 0) ++row;
    if (chunk.levels.definition[entry] != kValue) continue;
    visit(row, coded == nullptr ? value : coded->codes[value]);
    ++value;
  }
}

// Strings of a column by row; where there is none, the last of `values`, empty.
struct ChunkStrings {
  parquet::ByteArrays values;
  std::vector<uint32_t> places;
  std::string_view operator[](size_t row) const { return values[places[row]]; }
};
ChunkStrings StringsOf(const parquet::ColumnChunk& chunk, uint32_t rows);

// Integers of a column that has one in each row.
std::vector<int64_t> NumbersOf(const parquet::ColumnChunk& chunk, uint32_t rows);

}  // namespace clew::store
