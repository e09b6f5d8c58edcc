// SPDX-License-Identifier: Apache-2.0
#include "store/traces_builder.h"

#include <algorithm>
#include <tuple>
#include <utility>
#include <variant>

#include "base/check.h"
#include "model/span_sink.h"

namespace clew::store {
namespace {

constexpr std::string_view kServiceColumn = "resource.service.name";

bool IsZero(std::string_view id) {
  return std::ranges::all_of(id, [](char c) { return c == '\0'; });
}

}  // namespace

void TracesBuilder::Add(const BlockColumn& column, const parquet::ColumnChunk& chunk,
                        RowRange rows) {
  if (column.name == kServiceColumn) services_of_rows_ = StringsOf(chunk, rows.count);
  const Intrinsic* intrinsic = std::get_if<Intrinsic>(&column.holds);
  if (intrinsic == nullptr) return;
  switch (*intrinsic) {
    case Intrinsic::kStartUnixNano:
      starts_ = NumbersOf(chunk, rows.count);
      break;
    case Intrinsic::kDurationNano:
      durations_ = NumbersOf(chunk, rows.count);
      break;
    case Intrinsic::kStatusCode:
      statuses_ = NumbersOf(chunk, rows.count);
      break;
    case Intrinsic::kName:
      names_ = StringsOf(chunk, rows.count);
      break;
    case Intrinsic::kSpanId:
      span_ids_ = StringsOf(chunk, rows.count);
      break;
    case Intrinsic::kParentSpanId:
      parent_ids_ = StringsOf(chunk, rows.count);
      break;
    case Intrinsic::kParentRow:
      has_parent_row_ = chunk.levels.definition;
      break;
    default:
      break;
  }
}

void TracesBuilder::AddSpan(size_t row, TraceRow& trace) {
  const int64_t start = starts_[row];
  const auto end =
      static_cast<int64_t>(static_cast<uint64_t>(start) + static_cast<uint64_t>(durations_[row]));
  trace.start_unix_nano = std::min(trace.start_unix_nano, start);
  trace.last_start_unix_nano = std::max(trace.last_start_unix_nano, start);
  trace.end_unix_nano = std::max({trace.end_unix_nano, start, end});
  const std::string_view service =
      services_of_rows_.places.empty() ? std::string_view() : services_of_rows_[row];
  auto found = services_.find(service);
  if (found == services_.end()) found = services_.emplace(service, ServiceCount()).first;
  ++found->second.spans;
  if (statuses_[row] == static_cast<int64_t>(model::StatusCode::kError)) {
    ++found->second.errors;
    ++trace.error_spans;
  }
  // The column of parent ids is null where parent_row tells the parent.
  const std::string_view parent = parent_ids_[row];
  if (parent.empty() ? has_parent_row_[row] != 0 : !IsZero(parent)) return;
  const auto span_id = model::SpanId::FromBytes(span_ids_[row]);
  // Spans may share both; then their texts decide, so that every block says the same.
  const auto known =
      std::tuple(trace.root_start_unix_nano, trace.root_span_id,
                 std::string_view(trace.root_service), std::string_view(trace.root_name));
  if (trace.root_found && known <= std::tuple(start, span_id, service, names_[row])) return;
  trace.root_found = true;
  trace.root_start_unix_nano = start;
  trace.root_span_id = span_id;
  trace.root_service = service;
  trace.root_name = names_[row];
}

void TracesBuilder::Finish(TraceRow& trace) {
  for (auto& [name, count] : services_) {
    count.service = name;
    trace.services.push_back(std::move(count));
  }
  services_.clear();
}

void TracesBuilder::EndRowGroup(RowRange rows) {
  for (uint64_t row = rows.first; row < rows.end(); ++row) {
    const bool begins = traces_.empty() || row == traces_.back().first_row + traces_.back().rows;
    if (begins) {
      const Fragment& fragment = fragments_[traces_.size()];
      CHECK(fragment.first_row == row);
      traces_.push_back({.trace_id = fragment.trace_id,
                         .first_row = row,
                         .rows = fragment.rows,
                         .start_unix_nano = INT64_MAX,
                         .end_unix_nano = INT64_MIN,
                         .last_start_unix_nano = INT64_MIN});
    }
    TraceRow& trace = traces_.back();
    AddSpan(row - rows.first, trace);
    if (row + 1 == trace.first_row + trace.rows) Finish(trace);
  }
  services_of_rows_ = {};
}

}  // namespace clew::store
