// SPDX-License-Identifier: Apache-2.0
// Any bytes: opening and reading everything ends, whatever they are, and what is read
// fits the schema that the file declares.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "parquet/file_reader.h"
#include "parquet/memory_file.h"

namespace clew::parquet {
namespace {

// What a fuzzer has time for.
constexpr size_t kMaxChunks = 64;

void ReadChunk(const FileReader& reader, size_t group, size_t column) {
  const auto page = reader.ReadChunk(group, column);
  if (page.ok()) CHECK(page.value().rows == reader.rows_of(group));
  const auto pages = reader.PagesOf(group, column);
  if (pages.ok()) {
    for (const PageLocation& location : pages.value()) {
      const auto one = reader.ReadPage(group, column, location);
      if (one.ok()) CHECK(one.value().rows == location.rows);
    }
  }
  (void)reader.PageStatisticsOf(group, column).ok();
  (void)reader.ReadDictionary(group, column).ok();
  (void)reader.MayContain(group, column, "value").ok();
}

void ReadAll(const ByteSource& source) {
  const auto reader = FileReader::Open(source);
  if (!reader.ok()) return;
  size_t chunks = 0;
  for (size_t group = 0; group < reader.value().row_group_count(); ++group) {
    for (size_t column = 0; column < reader.value().schema().columns().size(); ++column) {
      if (++chunks > kMaxChunks) return;
      ReadChunk(reader.value(), group, column);
    }
  }
}

}  // namespace
}  // namespace clew::parquet

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  clew::parquet::ReadAll(
      clew::parquet::MemorySource(std::string(reinterpret_cast<const char*>(data), size)));
  return 0;
}
