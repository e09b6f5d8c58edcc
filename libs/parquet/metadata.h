// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "parquet/encoding.h"
#include "parquet/page_codec.h"
#include "parquet/schema.h"

// What a Parquet file says of itself, and its bytes.
// Source: github.com/apache/parquet-format, parquet.thrift.
namespace clew::parquet {

inline constexpr std::string_view kMagic = "PAR1";  // at both ends of a file

// Smallest and largest value in the type's own order (bytes compare unsigned;
// NaNs do not count), in the PLAIN encoding without length prefix. Absent
// when unknown. Cut ones (exact = false) still bound all values.
struct Statistics {
  std::optional<std::string> min{}, max{};
  bool min_exact = true, max_exact = true;
  std::optional<uint64_t> null_count{};
};

// A stretch of the file.
struct Extent {
  uint64_t offset = 0;
  uint64_t size = 0;
};

struct ChunkFooter {
  Type type{};
  std::vector<Encoding> encodings{};
  std::vector<std::string> path{};
  Codec codec = Codec::kUncompressed;
  uint64_t values = 0;
  uint64_t uncompressed_bytes = 0, compressed_bytes = 0;
  uint64_t data_page_offset = 0;
  std::optional<uint64_t> dictionary_page_offset{};
  Statistics statistics{};
  std::optional<Extent> bloom_filter{};  // size 0: not told
  std::optional<Extent> offset_index{}, column_index{};
  // CRC-32C of the bytes of these extents, when the file has them. Parquet has none.
  struct Checksums {
    uint32_t bloom_filter = 0, offset_index = 0, column_index = 0;
  };
  std::optional<Checksums> checksums{};
  bool encrypted = false;
  bool elsewhere = false;  // its pages are in another file

  // Where its pages begin.
  uint64_t begin() const {
    // Some do not tell of data pages where there are none.
    const bool dictionary_first =
        dictionary_page_offset && *dictionary_page_offset > 0 &&
        (*dictionary_page_offset < data_page_offset || data_page_offset == 0);
    return dictionary_first ? *dictionary_page_offset : data_page_offset;
  }
};

struct RowGroupFooter {
  uint64_t rows = 0;
  std::vector<ChunkFooter> chunks{};
};

struct FileFooter {
  std::vector<Field> fields{};
  uint64_t rows = 0;
  std::vector<RowGroupFooter> row_groups{};
  std::vector<std::pair<std::string, std::string>> metadata{};
  std::string created_by{};
  // Whether minima and maxima of a column are in the order of its type, told by column;
  // without that they mean nothing. Not for writing: ours are.
  std::vector<bool> type_ordered{};
};

// The footer's bytes; checksums of chunks become the key-value pair kChecksumsKey.
inline constexpr std::string_view kChecksumsKey = "clew.checksums";
std::string EncodeFooter(const FileFooter& footer);
// kCorruption; kUnsupported when the file is encrypted.
base::Result<FileFooter> DecodeFooter(std::string_view bytes);

// Stands before the footer, with the footer's CRC-32C behind it: eight bytes that a
// reader of Parquet passes over.
inline constexpr std::string_view kFooterChecksumMagic = "cCRC";

enum class PageType : uint8_t { kData = 0, kIndex = 1, kDictionary = 2, kDataV2 = 3 };

struct PageHeader {
  PageType type = PageType::kData;
  uint64_t uncompressed_bytes = 0, compressed_bytes = 0;
  std::optional<uint32_t> crc{};  // CRC-32 of the compressed bytes
  uint64_t values = 0;            // entries, nulls included
  Encoding encoding = Encoding::kPlain;
  // Of a v1 page: levels in an encoding of old files.
  bool packed_definition = false, packed_repetition = false;
  // Of a v2 page, whose levels lie in front, never compressed.
  uint64_t definition_bytes = 0, repetition_bytes = 0;
  bool is_compressed = true;
};

std::string EncodePageHeader(const PageHeader& header);
// The header that `bytes` begin with, and how many bytes it takes.
base::Result<std::pair<PageHeader, size_t>> DecodePageHeader(std::string_view bytes);

struct PageOffset {
  uint64_t offset = 0;
  uint32_t size = 0;  // header included
  uint64_t first_row = 0;
};
std::string EncodeOffsetIndex(const std::vector<PageOffset>& pages);
base::Result<std::vector<PageOffset>> DecodeOffsetIndex(std::string_view bytes);

enum class BoundaryOrder : uint8_t { kUnordered = 0, kAscending = 1, kDescending = 2 };
// REQUIRES: every page has a null count, and min and max unless all is null.
std::string EncodeColumnIndex(const std::vector<Statistics>& pages, BoundaryOrder order);
base::Result<std::vector<Statistics>> DecodeColumnIndex(std::string_view bytes);

std::string EncodeBloomFilterHeader(size_t bitset_bytes);
// The size of the bitset and of the header.
struct BloomFilterHeader {
  uint64_t bitset_bytes = 0;
  size_t header_bytes = 0;
};
// kUnsupported when it is of another kind than the split-block filter of XXH64.
base::Result<BloomFilterHeader> DecodeBloomFilterHeader(std::string_view bytes);

}  // namespace clew::parquet
