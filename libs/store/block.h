// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "base/published.h"
#include "base/result.h"
#include "derive/usual_times_file.h"
#include "model/ids.h"
#include "model/span_sink.h"
#include "objects/object_store.h"
#include "parquet/file_reader.h"
#include "store/block_file.h"
#include "store/block_input.h"
#include "store/block_schema.h"
#include "store/catalog_state.h"
#include "store/traces_table.h"

namespace clew::store {

// What the catalog knows of a block.
struct BlockDescription {
  std::string tenant, id;
  uint64_t spans = 0, traces = 0;
  int64_t min_start_unix_nano = 0, max_start_unix_nano = 0;
  uint64_t spans_bytes = 0, traces_bytes = 0, index_bytes = 0;  // of its files
  uint64_t usual_times_bytes = 0;                               // 0: it has none
  uint64_t size_bytes() const {
    return spans_bytes + traces_bytes + index_bytes + usual_times_bytes;
  }
};

BlockDescription DescriptionOf(const CatalogBlock& block);

// Attributes that are asked for, whatever they are attributes of.
using AttributeNames = std::span<const std::string_view>;

// A block as it lies in an object store. Nothing is read before it is asked for; what
// is opened stays open. Errors name the block and the file: kCorruption says what is
// damaged, kNotFound that it was deleted meanwhile. Thread-safe.
class Block {
 public:
  // `objects` outlives it, and so does `cache`; null: nothing is kept.
  Block(objects::ObjectStore& objects, BlockDescription description, PageCache* cache = nullptr);
  ~Block();
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;

  const BlockDescription& description() const { return description_; }

  // The rows of a trace: none, or one run that holds all of it that the block has.
  base::Result<std::vector<RowRange>> Find(const model::TraceId& trace_id) const;
  // The traces that may have that id, by trace_ids.idx alone.
  base::Result<std::vector<uint32_t>> Candidates(const model::TraceId& trace_id) const;
  // Its number among the traces, for ReadTraces: none, or one for each run.
  base::Result<std::vector<uint64_t>> FindTraces(const model::TraceId& trace_id) const;
  // Announces rows to `sink` in their order, the resource and scope when they change.
  // REQUIRES: `rows` begins where a trace begins.
  base::Status ReadSpans(RowRange rows, model::SpanSink& sink) const;
  // The same with few attributes: those of `keys`, and some others perhaps.
  base::Status ReadSpans(RowRange rows, const AttributeNames& keys, model::SpanSink& sink) const;
  // Summaries [first, first + count) of the traces, in the order of the block.
  base::Result<std::vector<TraceRow>> ReadTraces(uint64_t first, uint64_t count) const;

  // What is usual in its traces that begin with that operation; nullopt: it does not say so.
  base::Result<std::optional<derive::OperationTimes>> ReadUsualTimes(
      const derive::RootOperation& root) const;
  // The same of all operations.
  base::Result<std::optional<derive::UsualTimes>> ReadAllUsualTimes() const;

  // All its traces, in order.
  base::Result<std::vector<Fragment>> ReadFragments() const;

  // spans.parquet itself, and what its columns mean; column i of `columns` is Parquet
  // column i, `others` the last two.
  struct Spans {
    const BlockFile& pages;
    const std::vector<BlockColumn>& columns;
    const parquet::FileReader& file() const { return pages.reader(); }
  };
  base::Result<Spans> OpenSpans() const;
  // traces.parquet, for those who look at its bytes; valid as long as the block.
  base::Result<const parquet::FileReader*> OpenTraces() const;

 private:
  struct Opened;
  base::Result<const Opened*> Open() const;
  base::Status ReadSpansOf(RowRange rows, const AttributeNames* keys, model::SpanSink& sink) const;
  base::Result<std::unique_ptr<Opened>> OpenFiles() const;
  // With the names of the block and of the file that it is about.
  base::Error Named(size_t object, base::Error error) const;
  base::Error Named(std::string_view object, base::Error error) const;
  base::Result<derive::UsualTimesFile> OpenUsualTimes() const;

  objects::ObjectStore& objects_;
  PageCache* const cache_;
  const BlockDescription description_;
  mutable base::Mutex mutex_;  // of those who open
  mutable std::unique_ptr<Opened> owned_ GUARDED_BY(mutex_);
  mutable base::Published<const Opened*> opened_;
};

}  // namespace clew::store
