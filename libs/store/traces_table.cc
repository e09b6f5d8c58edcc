// SPDX-License-Identifier: Apache-2.0
#include "store/traces_table.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "store/block_order.h"
#include "store/coded_column.h"
#include "store/column_cells.h"

namespace clew::store {
namespace {

using parquet::ColumnChunk;
using parquet::Field;
using parquet::LogicalType;
using parquet::Repetition;
using parquet::Type;

constexpr uint32_t kRowsOfGroup = 128 << 10;
constexpr uint32_t kRowsOfPage = 2048;

// In the order of the file.
enum TracesColumn : size_t {
  kTraceId,
  kFirstRow,
  kRows,
  kStart,
  kEnd,
  kLastStart,
  kRootFound,
  kRootStart,
  kRootSpanId,
  kRootService,
  kRootName,
  kErrorSpans,
  kServices,
  kServiceSpans,
  kServiceErrors
};

Field Leaf(std::string name, Type type, LogicalType logical = LogicalType::kNone,
           uint32_t type_length = 0, Repetition repetition = Repetition::kRequired) {
  return {.name = std::move(name),
          .repetition = repetition,
          .logical = logical,
          .type = type,
          .type_length = type_length};
}

const parquet::Schema& TracesSchema() {
  static const parquet::Schema schema = [] {
    const Field service{.name = "element",
                        .repetition = Repetition::kRequired,
                        .children = {Leaf("service", Type::kByteArray, LogicalType::kString),
                                     Leaf("spans", Type::kInt64), Leaf("errors", Type::kInt64)}};
    auto made = parquet::Schema::Make(
        {Leaf("trace_id", Type::kFixedLenByteArray, LogicalType::kUuid, 16),
         Leaf("first_row", Type::kInt64), Leaf("rows", Type::kInt64),
         Leaf("start_unix_nano", Type::kInt64, LogicalType::kTimestampNanosUtc),
         Leaf("end_unix_nano", Type::kInt64, LogicalType::kTimestampNanosUtc),
         Leaf("last_start_unix_nano", Type::kInt64, LogicalType::kTimestampNanosUtc),
         Leaf("root_found", Type::kBoolean),
         Leaf("root_start_unix_nano", Type::kInt64, LogicalType::kTimestampNanosUtc, 0,
              Repetition::kOptional),
         Leaf("root_span_id", Type::kFixedLenByteArray, LogicalType::kNone, 8,
              Repetition::kOptional),
         Leaf("root_service", Type::kByteArray, LogicalType::kString),
         Leaf("root_name", Type::kByteArray, LogicalType::kString),
         Leaf("error_spans", Type::kInt64), parquet::List("services", service)});
    return std::move(made).value();
  }();
  return schema;
}

std::string_view BytesOf(const auto& id) {
  return {reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()};
}

using Traces = std::span<const TraceRow>;

ColumnChunk Numbers(Traces traces, auto read) {
  std::vector<int64_t> numbers;
  for (const TraceRow& trace : traces) numbers.push_back(static_cast<int64_t>(read(trace)));
  return {.values = CodeNumbers(std::move(numbers))};
}

ColumnChunk Strings(Traces traces, auto read) {
  parquet::ByteArrays strings;
  for (const TraceRow& trace : traces) strings.push_back(read(trace));
  return {.values = parquet::Values(std::move(strings))};
}

// Null where there is no root.
ColumnChunk OfRoots(Traces traces, auto values, auto add) {
  ColumnChunk chunk;
  for (const TraceRow& trace : traces) {
    chunk.levels.definition.push_back(trace.root_found);
    if (trace.root_found) add(values, trace);
  }
  chunk.values = parquet::Values(std::move(values));
  return chunk;
}

// A trace has one service or more.
parquet::Levels ServiceLevels(Traces traces) {
  parquet::Levels levels;
  for (const TraceRow& trace : traces) {
    levels.definition.insert(levels.definition.end(), trace.services.size(), 2);
    levels.repetition.push_back(0);
    levels.repetition.insert(levels.repetition.end(), trace.services.size() - 1, 1);
  }
  return levels;
}

ColumnChunk OfServices(Traces traces, auto read) {
  std::vector<int64_t> numbers;
  for (const TraceRow& trace : traces) {
    for (const ServiceCount& service : trace.services) numbers.push_back(int64_t{read(service)});
  }
  return {.levels = ServiceLevels(traces), .values = CodeNumbers(std::move(numbers))};
}

ColumnChunk ServiceNames(Traces traces) {
  parquet::ByteArrays names;
  for (const TraceRow& trace : traces) {
    for (const ServiceCount& service : trace.services) names.push_back(service.service);
  }
  return {.levels = ServiceLevels(traces), .values = parquet::Values(std::move(names))};
}

ColumnChunk RootStarts(Traces traces) {
  return OfRoots(traces, std::vector<int64_t>(), [](auto& values, const TraceRow& trace) {
    values.push_back(trace.root_start_unix_nano);
  });
}

ColumnChunk RootSpanIds(Traces traces) {
  return OfRoots(traces, parquet::ByteArrays(), [](auto& values, const TraceRow& trace) {
    values.push_back(BytesOf(trace.root_span_id));
  });
}

ColumnChunk RootsFound(Traces traces) {
  parquet::Booleans found;
  for (const TraceRow& trace : traces) found.values.push_back(trace.root_found);
  return {.values = parquet::Values(std::move(found))};
}

ColumnChunk ChunkOf(TracesColumn column, Traces traces) {
  switch (column) {
    case kTraceId:
      return Strings(traces, [](const TraceRow& trace) { return BytesOf(trace.trace_id); });
    case kFirstRow:
      return Numbers(traces, [](const TraceRow& trace) { return trace.first_row; });
    case kRows:
      return Numbers(traces, [](const TraceRow& trace) { return trace.rows; });
    case kStart:
      return Numbers(traces, [](const TraceRow& trace) { return trace.start_unix_nano; });
    case kEnd:
      return Numbers(traces, [](const TraceRow& trace) { return trace.end_unix_nano; });
    case kLastStart:
      return Numbers(traces, [](const TraceRow& trace) { return trace.last_start_unix_nano; });
    case kRootFound:
      return RootsFound(traces);
    case kRootStart:
      return RootStarts(traces);
    case kRootSpanId:
      return RootSpanIds(traces);
    case kRootService:
      return Strings(traces,
                     [](const TraceRow& trace) -> std::string_view { return trace.root_service; });
    case kRootName:
      return Strings(traces,
                     [](const TraceRow& trace) -> std::string_view { return trace.root_name; });
    case kErrorSpans:
      return Numbers(traces, [](const TraceRow& trace) { return trace.error_spans; });
    case kServices:
      return ServiceNames(traces);
    case kServiceSpans:
      return OfServices(traces, [](const ServiceCount& service) { return service.spans; });
    case kServiceErrors:
      break;
  }
  return OfServices(traces, [](const ServiceCount& service) { return service.errors; });
}

base::Status WriteGroup(Traces traces, parquet::FileWriter& writer) {
  const auto rows = static_cast<uint32_t>(traces.size());
  TRY(writer.BeginRowGroup(PageSizes(rows, kRowsOfPage)));
  for (size_t column = kTraceId; column <= kServiceErrors; ++column) {
    TRY(writer.WriteColumn(ChunkOf(static_cast<TracesColumn>(column), traces)));
  }
  return writer.EndRowGroup();
}

// A page of the table by its columns.
class TraceCells {
 public:
  static base::Result<TraceCells> Read(const BlockFile& file, size_t row_group, size_t page) {
    TraceCells cells;
    for (size_t column = kTraceId; column <= kServiceErrors; ++column) {
      cells.columns_[column] = TRY(file.Page(row_group, column, page));
    }
    if (!cells.ServicesFit()) {
      return base::Error{base::ErrorCode::kCorruption,
                         "traces.parquet: the columns of services differ in length"};
    }
    return cells;
  }

  TraceRow At(size_t row) const {
    TraceRow trace{.trace_id = model::TraceId::FromBytes(Of(kTraceId).Bytes(row)),
                   .first_row = static_cast<uint64_t>(Of(kFirstRow).Int64(row)),
                   .rows = static_cast<uint32_t>(Of(kRows).Int64(row)),
                   .start_unix_nano = Of(kStart).Int64(row),
                   .end_unix_nano = Of(kEnd).Int64(row),
                   .last_start_unix_nano = Of(kLastStart).Int64(row),
                   .root_found = Of(kRootFound).Bool(row),
                   .root_service = std::string(Of(kRootService).Bytes(row)),
                   .root_name = std::string(Of(kRootName).Bytes(row)),
                   .error_spans = static_cast<uint32_t>(Of(kErrorSpans).Int64(row))};
    if (Of(kRootStart).HasValue(row) && Of(kRootSpanId).HasValue(row)) {
      trace.root_start_unix_nano = Of(kRootStart).Int64(row);
      trace.root_span_id = model::SpanId::FromBytes(Of(kRootSpanId).Bytes(row));
    }
    AddServices(row, trace);
    return trace;
  }

 private:
  bool ServicesFit() const {
    const size_t entries = Of(kServices).entry_count();
    for (const TracesColumn column : {kServiceSpans, kServiceErrors}) {
      if (Of(column).entry_count() != entries) return false;
      for (size_t entry = 0; entry < entries; ++entry) {
        if (Of(column).HasValue(entry) != Of(kServices).HasValue(entry)) return false;
      }
    }
    return true;
  }

  void AddServices(size_t row, TraceRow& trace) const {
    const ColumnCells& names = Of(kServices);
    for (size_t entry = names.first_entry(row); entry < names.first_entry(row + 1); ++entry) {
      if (!names.HasValue(entry)) continue;
      trace.services.push_back({.service = std::string(names.Bytes(entry)),
                                .spans = static_cast<uint32_t>(Of(kServiceSpans).Int64(entry)),
                                .errors = static_cast<uint32_t>(Of(kServiceErrors).Int64(entry))});
    }
  }

  const ColumnCells& Of(TracesColumn column) const { return *columns_[column]; }

  std::array<BlockFile::Cells, kServiceErrors + 1> columns_;
};

}  // namespace

base::Status WriteTraces(const std::vector<TraceRow>& traces, parquet::ByteSink& sink) {
  parquet::FileWriter writer(sink, TracesSchema(), {});
  Traces rest = traces;
  while (!rest.empty()) {
    const size_t count = std::min<size_t>(rest.size(), kRowsOfGroup);
    TRY(WriteGroup(rest.first(count), writer));
    rest = rest.subspan(count);
  }
  return writer.Finish({{"clew.format", "1"}, {"clew.minimum_reader", "1"}});
}

base::Result<TracesTable> TracesTable::Open(const parquet::ByteSource& source, PageCache* cache) {
  parquet::FileReader reader =
      TRY(parquet::FileReader::Open(source, parquet::FileReader::Checks::kChecked));
  if (!(reader.schema().fields() == TracesSchema().fields())) {
    return base::Error{base::ErrorCode::kCorruption, "traces.parquet has other columns"};
  }
  return TracesTable(BlockFile(std::move(reader), cache));
}

base::Result<std::vector<TraceRow>> TracesTable::Read(uint64_t first, uint64_t count) const {
  std::vector<TraceRow> traces;
  traces.reserve(count);
  uint64_t group_begin = 0;
  for (size_t group = 0; group < file_.reader().row_group_count(); ++group) {
    const uint64_t group_end = group_begin + file_.reader().rows_of(group);
    if (group_begin < first + count && first < group_end) {
      const std::shared_ptr<const BlockFile::Pages> all = TRY(file_.PagesOf(group));
      const std::vector<parquet::PageLocation>& pages = all->front();
      for (size_t page = 0; page < pages.size(); ++page) {
        const uint64_t begin = group_begin + pages[page].first_row;
        const uint64_t end = begin + pages[page].rows;
        if (begin >= first + count || end <= first) continue;
        const TraceCells cells = TRY(TraceCells::Read(file_, group, page));
        for (uint64_t row = std::max(first, begin); row < std::min(first + count, end); ++row) {
          traces.push_back(cells.At(row - begin));
        }
      }
    }
    group_begin = group_end;
  }
  if (traces.size() == count) return traces;
  return base::Error{base::ErrorCode::kCorruption, "traces.parquet has no rows " +
                                                       std::to_string(first) + " to " +
                                                       std::to_string(first + count)};
}

base::Result<std::vector<Fragment>> TracesTable::ReadFragments() const {
  const parquet::FileReader& reader = file_.reader();
  std::vector<Fragment> fragments;
  fragments.reserve(size());
  for (size_t group = 0; group < reader.row_group_count(); ++group) {
    const ColumnCells ids = TRY(ReadCells(reader, group, kTraceId));
    const ColumnCells first_rows = TRY(ReadCells(reader, group, kFirstRow));
    const ColumnCells rows = TRY(ReadCells(reader, group, kRows));
    const ColumnCells starts = TRY(ReadCells(reader, group, kStart));
    for (size_t i = 0; i < ids.row_count(); ++i) {
      fragments.push_back({.trace_id = model::TraceId::FromBytes(ids.Bytes(i)),
                           .first_row = static_cast<uint64_t>(first_rows.Int64(i)),
                           .rows = static_cast<uint32_t>(rows.Int64(i)),
                           .start_unix_nano = starts.Int64(i)});
    }
  }
  return fragments;
}

base::Result<TracesTable::Place> TracesTable::PlaceOf(uint64_t trace) const {
  const parquet::FileReader& reader = file_.reader();
  uint64_t row = trace;
  size_t group = 0;
  while (group < reader.row_group_count() && row >= reader.rows_of(group)) {
    row -= reader.rows_of(group++);
  }
  if (group == reader.row_group_count()) {
    return base::Error{base::ErrorCode::kCorruption,
                       "traces.parquet has no row " + std::to_string(trace)};
  }
  const std::shared_ptr<const BlockFile::Pages> all = TRY(file_.PagesOf(group));
  const std::vector<parquet::PageLocation>& pages = all->front();
  const auto location = std::ranges::find_if(
      pages, [&](const parquet::PageLocation& page) { return row - page.first_row < page.rows; });
  if (location == pages.end()) {
    return base::Error{base::ErrorCode::kCorruption, "traces.parquet: a page is missing"};
  }
  const auto page = static_cast<size_t>(location - pages.begin());
  const auto in_page = static_cast<size_t>(row - location->first_row);
  const BlockFile::Cells id = TRY(file_.Page(group, kTraceId, page));
  const BlockFile::Cells first = TRY(file_.Page(group, kFirstRow, page));
  const BlockFile::Cells rows = TRY(file_.Page(group, kRows, page));
  return Place{.trace_id = model::TraceId::FromBytes(id->Bytes(in_page)),
               .first_row = static_cast<uint64_t>(first->Int64(in_page)),
               .rows = static_cast<uint32_t>(rows->Int64(in_page))};
}

}  // namespace clew::store
