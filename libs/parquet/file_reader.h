// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "parquet/encoding.h"
#include "parquet/metadata.h"
#include "parquet/page_codec.h"
#include "parquet/schema.h"
#include "parquet/values.h"

namespace clew::parquet {

// The bytes of a file, from anywhere. Thread-safe.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Exactly `size` bytes, or an error that names the file.
  virtual base::Result<std::string> Read(uint64_t offset, size_t size) const = 0;
  virtual uint64_t size() const = 0;
  // What errors call it; empty: they do not.
  virtual std::string_view name() const { return {}; }
};

struct PageLocation {
  uint64_t offset = 0;
  uint32_t size = 0;       // bytes, header included
  uint32_t first_row = 0;  // in its row group
  uint32_t rows = 0;
};

struct ChunkMetadata {
  uint64_t values = 0;  // entries, nulls included
  Codec codec = Codec::kUncompressed;
  uint64_t compressed_bytes = 0, uncompressed_bytes = 0;
  bool has_dictionary = false;
  bool has_bloom_filter = false;
  Statistics statistics;
  std::vector<Encoding> encodings;
};

// One page, decoded as little as possible: codes stay codes.
struct Page {
  uint32_t rows = 0;
  Levels levels;
  std::variant<Values, std::vector<uint32_t>> values;  // or codes into the chunk's dictionary
  size_t size_bytes() const;
};

// A data page, verified and decompressed, and not decoded yet.
struct PlainPage {
  PageHeader header;
  // Of the bytes; stays where it is when the page moves.
  std::unique_ptr<const std::string> owner;
  std::string_view repetition, definition, values;
  size_t size_bytes() const { return sizeof *this + (owner == nullptr ? 0 : owner->size()); }
};

// Reads files of FileWriter and of others: kUnsupported says which feature a file
// uses that is not known here, kCorruption (naming file, row group, column) what is
// damaged. Values are those of the physical type; what a logical type makes of them is for
// whoever asks. Checksums are verified wherever there are any. Thread-safe: Open reads the
// footer; everything else is read when asked for and not kept.
class FileReader {
 public:
  // `source` outlives the reader. kChecked is for files of FileWriter alone, whose
  // footer and indexes have checksums as well: then no flipped byte goes unnoticed.
  enum class Checks : uint8_t { kAsWritten, kChecked };
  static base::Result<FileReader> Open(const ByteSource& source,
                                       Checks checks = Checks::kAsWritten);

  // An error with the name of the file, where that has one and the error does not say it.
  base::Error WithName(base::Error error) const;

  const Schema& schema() const;
  uint64_t row_count() const;
  const std::vector<std::pair<std::string, std::string>>& metadata() const;

  size_t row_group_count() const;
  uint32_t rows_of(size_t row_group) const;
  const ChunkMetadata& chunk(size_t row_group, size_t column) const;

  // Where the pages of a chunk are; from the offset index, else by walking them. Pages
  // without rows are left out. kUnsupported when a row lies in several, as old writers may
  // have it: then only the whole chunk can be read.
  base::Result<std::vector<PageLocation>> PagesOf(size_t row_group, size_t column) const;
  // The same for all columns, in one read where the file has the indexes side by side.
  base::Result<std::vector<std::vector<PageLocation>>> PagesOf(size_t row_group) const;
  // Of each page, from the column index; empty when the file has none.
  base::Result<std::vector<Statistics>> PageStatisticsOf(size_t row_group, size_t column) const;
  base::Result<Values> ReadDictionary(size_t row_group, size_t column) const;  // empty: none
  base::Result<Page> ReadPage(size_t row_group, size_t column, const PageLocation& page) const;
  // The same in two steps: a page may be kept plain, and some rows of it be decoded, counted from
  // its first. What they do not need is not decoded, and what is wrong with it not found.
  // REQUIRES: `plain` is that page, and rows.end() <= page.rows
  base::Result<PlainPage> ReadPlain(size_t row_group, size_t column,
                                    const PageLocation& page) const;
  base::Result<Page> DecodeRows(size_t row_group, size_t column, const PlainPage& plain,
                                const PageLocation& page, Part rows) const;
  // All pages of a chunk as one, in one read: codes if every page has codes, else
  // values (a dictionary that gave way to plain pages is resolved).
  base::Result<Page> ReadChunk(size_t row_group, size_t column) const;
  // The bits of the filter of a chunk; kInvalidArgument when it has none.
  base::Result<std::string> ReadBloomFilter(size_t row_group, size_t column) const;
  // False only if the value (PLAIN, without length prefix) is not in the chunk; true
  // without a filter.
  base::Result<bool> MayContain(size_t row_group, size_t column, std::string_view plain) const;

  FileReader(FileReader&&) noexcept;
  FileReader& operator=(FileReader&&) noexcept;
  ~FileReader();

 private:
  struct State;
  explicit FileReader(std::unique_ptr<State> state);
  static base::Result<std::unique_ptr<State>> OpenState(const ByteSource& source, Checks checks);
  std::unique_ptr<State> state_;
};

}  // namespace clew::parquet
