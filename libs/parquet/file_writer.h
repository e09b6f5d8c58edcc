// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "parquet/page_codec.h"
#include "parquet/schema.h"
#include "parquet/values.h"

namespace clew::parquet {

// Where the bytes of a file go, front to back.
class ByteSink {
 public:
  virtual ~ByteSink() = default;
  virtual base::Status Append(std::string_view bytes) = 0;
};

struct WriterOptions {
  Codec codec = Codec::kZstd;  // used by a page where it saves 5 %, else none in that chunk
  int zstd_level = 1;
  uint64_t dictionary_limit_bytes = 256 << 10;  // a larger one is written plain
  std::string created_by = "clew";
};

// Which chunks have a Bloom filter. A small dictionary answers faster than a filter here;
// other readers look into filters only.
enum class BloomFilterOf : uint8_t { kNone, kLargeChunks, kAllChunks };

// One column of one row group, whole. Either plain values, and the writer looks for
// a dictionary, or codes and their dictionary, which is used as it is (unused
// entries are dropped; over the limit the chunk is written plain).
struct ColumnChunk {
  Levels levels{};
  std::variant<Values, CodedValues> values;
  BloomFilterOf bloom_filter = BloomFilterOf::kNone;
};

// Writes a Parquet file: row group by row group, column by column, each column
// chunk whole, in one pass. Pages of all columns of a row group break at the same
// rows. Every page has a CRC; every chunk has statistics, an offset index and a
// column index (min and max of long strings are cut). The encoding is chosen by size for
// each chunk. Memory: the chunk in hand and the metadata of all before it.
// After an error nothing more may be called. Not thread-safe.
class FileWriter {
 public:
  // `sink` outlives the writer.
  FileWriter(ByteSink& sink, Schema schema, WriterOptions options);
  ~FileWriter();

  // `page_rows`: rows of each page, all > 0; their sum is the rows of the group.
  base::Status BeginRowGroup(std::span<const uint32_t> page_rows);
  // Columns come in the order of the schema.
  // REQUIRES: levels and values fit the column and the rows of the group.
  base::Status WriteColumn(const ColumnChunk& chunk);
  base::Status EndRowGroup();
  // Indexes and the footer, with these key-value pairs.
  base::Status Finish(std::vector<std::pair<std::string, std::string>> metadata);

  uint64_t bytes_written() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace clew::parquet
