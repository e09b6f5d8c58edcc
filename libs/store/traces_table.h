// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/ids.h"
#include "parquet/file_reader.h"
#include "parquet/file_writer.h"
#include "store/block_file.h"
#include "store/block_order.h"

// traces.parquet: a row for each trace of a block, or for that part of it which the
// block has. It answers result lists without touching spans. docs/format/block.md.
namespace clew::store {

struct ServiceCount {
  std::string service;
  uint32_t spans = 0;
  uint32_t errors = 0;
  bool operator==(const ServiceCount&) const = default;
};

struct TraceRow {
  model::TraceId trace_id;
  uint64_t first_row = 0;  // in spans.parquet
  uint32_t rows = 0;
  int64_t start_unix_nano = 0;
  int64_t end_unix_nano = 0;         // the latest of all starts and ends
  int64_t last_start_unix_nano = 0;  // of any span
  // The root span: the first by (start, span id) of those that name no parent.
  bool root_found = false;
  int64_t root_start_unix_nano = 0;
  model::SpanId root_span_id{};
  std::string root_service{}, root_name{};
  uint32_t error_spans = 0;
  std::vector<ServiceCount> services{};  // by name
  bool operator==(const TraceRow&) const = default;
};

// Writes the table into `sink`.
base::Status WriteTraces(const std::vector<TraceRow>& traces, parquet::ByteSink& sink);

// Reads the table. Thread-safe.
class TracesTable {
 public:
  // kCorruption when the file is not such a table. `source` outlives it, and so does `cache`,
  // if it is not null.
  static base::Result<TracesTable> Open(const parquet::ByteSource& source,
                                        PageCache* cache = nullptr);

  const parquet::FileReader& file() const { return file_.reader(); }
  uint64_t size() const { return file_.reader().row_count(); }
  // Rows [first, first + count), which exist.
  base::Result<std::vector<TraceRow>> Read(uint64_t first, uint64_t count) const;
  // The same without what only a search wants.
  base::Result<std::vector<Fragment>> ReadFragments() const;
  // The same without the services, of which a lookup by id needs nothing else.
  struct Place {
    model::TraceId trace_id;
    uint64_t first_row = 0;
    uint32_t rows = 0;
  };
  base::Result<Place> PlaceOf(uint64_t trace) const;

 private:
  explicit TracesTable(BlockFile file) : file_(std::move(file)) {}
  BlockFile file_;
};

}  // namespace clew::store
