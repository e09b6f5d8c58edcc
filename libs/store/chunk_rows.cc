// SPDX-License-Identifier: Apache-2.0
#include "store/chunk_rows.h"

namespace clew::store {

ChunkStrings StringsOf(const parquet::ColumnChunk& chunk, uint32_t rows) {
  ChunkStrings strings{.values = std::get<parquet::ByteArrays>(ValuesOf(chunk)), .places = {}};
  const auto none = static_cast<uint32_t>(strings.values.size());
  strings.values.push_back("");
  strings.places.reserve(rows);
  ForEachPlace(chunk, rows, [&](uint32_t, uint32_t place) {
    strings.places.push_back(place == UINT32_MAX ? none : place);
  });
  return strings;
}

std::vector<int64_t> NumbersOf(const parquet::ColumnChunk& chunk, uint32_t rows) {
  std::vector<int64_t> numbers;
  numbers.reserve(rows);
  const parquet::Values& values = ValuesOf(chunk);
  const auto take = [&](const auto& of_type) {
    ForEachPlace(chunk, rows, [&](uint32_t, uint32_t place) { numbers.push_back(of_type[place]); });
  };
  if (const auto* wide = std::get_if<std::vector<int64_t>>(&values)) {
    take(*wide);
  } else {
    take(std::get<std::vector<int32_t>>(values));
  }
  return numbers;
}

}  // namespace clew::store
