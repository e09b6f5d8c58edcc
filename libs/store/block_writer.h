// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/result.h"
#include "objects/object_store.h"
#include "parquet/file_writer.h"
#include "store/block.h"
#include "store/block_input.h"
#include "store/column_names.h"

namespace clew::store {

// The four objects of every block, in this order, below its prefix.
inline constexpr std::string_view kBlockObjects[] = {"spans.parquet", "traces.parquet",
                                                     "trace_ids.idx", "meta.json"};
// What a block may have besides.
inline constexpr std::string_view kUsualTimesObject = "usual_times.bin";
inline constexpr uint32_t kBlockFormat = 1;

// The prefix of a block's objects, "blocks/<tenant>/<id>/". Bytes of the tenant that
// are no letter, digit, '.' or '-' are written _XX, in hex.
std::string BlockPrefix(std::string_view tenant, std::string_view block_id);

struct BlockWriterOptions {
  std::string tenant, block_id;
  parquet::Codec codec = parquet::Codec::kZstd;
  int zstd_level = 3;                  // a merge is written to stay
  size_t max_attribute_columns = 512;  // the most frequent; the rest is in `others`
  uint32_t rows_of_group = 128 << 10;
  uint32_t rows_of_page = 8 << 10;
  // Adds up what is usual in it: worth it where traces are whole, that is in what was merged.
  bool with_usual_times = false;
};

struct WrittenObject {
  std::string name;
  uint64_t size_bytes = 0;
  base::Hash128 hash{};
};

// What a block holds, for the catalog.
struct WrittenBlock {
  uint64_t spans = 0, traces = 0;
  int64_t min_start_unix_nano = 0, max_start_unix_nano = 0;
  std::vector<WrittenObject> objects;
};

// The same as the description of a block that can be read.
BlockDescription DescriptionOf(const WrittenBlock& written, const BlockWriterOptions& options);

// Writes a block; nothing of it counts before the catalog names it. `names` gives
// attributes their columns and remembers new ones. Memory: one column chunk, the
// summaries of the traces and the metadata of the files. Errors are those of the input
// and of the object store; what was uploaded by then is left for the sweep.
// REQUIRES: input has a row or more.
base::Result<WrittenBlock> WriteBlock(BlockInput& input, ColumnNames& names,
                                      objects::ObjectStore& objects,
                                      const BlockWriterOptions& options);

}  // namespace clew::store
