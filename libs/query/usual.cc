// SPDX-License-Identifier: Apache-2.0
#include "query/usual.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "derive/usual_ledger.h"
#include "derive/usual_times_builder.h"
#include "query/search.h"
#include "query/time_limit.h"
#include "query/traceql_search.h"
#include "store/block.h"
#include "traceql/parser.h"
#include "traceql/print.h"

namespace clew::query {
namespace {

using derive::OperationTimes;
using Block = std::shared_ptr<const store::Block>;

constexpr int64_t kHourNanos = int64_t{3600} * 1'000'000'000;
constexpr size_t kMostBlocks = 500;       // that are asked
constexpr std::chrono::seconds kTime{1};  // for all of it

int64_t Before(int64_t time, int64_t less) {
  int64_t before = 0;
  return __builtin_sub_overflow(time, less, &before) ? INT64_MIN : before;
}

derive::RootOperation RootOf(const UsualRequest& request) {
  return {.service = derive::KeptText(request.service), .name = derive::KeptText(request.name)};
}

// Those that may know earlier traces, the newest first.
std::vector<Block> BlocksBefore(const store::Sources& sources, int64_t start_unix_nano) {
  std::vector<Block> blocks;
  std::ranges::copy_if(sources.blocks, std::back_inserter(blocks), [&](const Block& block) {
    const store::BlockDescription& known = block->description();
    return known.usual_times_bytes > 0 && known.min_start_unix_nano < start_unix_nano;
  });
  std::ranges::sort(blocks, [](const Block& left, const Block& right) {
    const store::BlockDescription &one = left->description(), &other = right->description();
    return std::pair(one.max_start_unix_nano, std::string_view(one.id)) >
           std::pair(other.max_start_unix_nano, std::string_view(other.id));
  });
  if (blocks.size() > kMostBlocks) blocks.resize(kMostBlocks);
  return blocks;
}

// What blocks say, as far back as it takes to know of enough traces.
base::Result<FoundUsual> FromBlocks(const LedgerSources& from, const UsualRequest& request) {
  const derive::RootOperation root = RootOf(request);
  const int64_t start = request.start_unix_nano;
  const int64_t hour = Before(start, kHourNanos), day = Before(start, 24 * kHourNanos);
  FoundUsual found{.reference = UsualReference::kHour};
  const auto is_enough = [&] { return found.times.traces() >= derive::kEnoughUsualTraces; };
  for (const Block& block : BlocksBefore(from.sources, start)) {
    const int64_t end = block->description().max_start_unix_nano;
    if (from.cancelled.stop_requested()) break;
    if (end < hour && is_enough()) break;
    if (end < hour) found.reference = UsualReference::kDay;
    if (end < day && is_enough()) break;
    if (end < day) found.reference = UsualReference::kAll;
    auto times = block->ReadUsualTimes(root);
    if (!times.ok()) {
      TRY(RunNotes::Note(std::move(times).error(), from.left_out));
    } else if (times.value() && times.value()->last_start_unix_nano < start) {
      found.times.Merge(*times.value());
    }
  }
  return found;
}

// Root spans of that name: columns answer it, what a trace says of its root is asked trace by
// trace.
std::string QueryOf(const UsualRequest& request) {
  const auto is = [](std::string_view field, const std::string& text) {
    return std::string(field) + " = " + traceql::Print(traceql::Static{text}) + " && ";
  };
  std::string query = is("name", request.name);
  if (!request.service.empty()) query += is("resource.service.name", request.service);
  return "{ " + query + "nestedSetParent < 0 }";
}

// The newest of them are searched for and read.
base::Result<FoundUsual> FromTraces(const LedgerSources& from, const UsualRequest& request) {
  FoundUsual found{.reference = UsualReference::kNewest};
  const derive::RootOperation root = RootOf(request);
  const auto query = traceql::Parse(QueryOf(request));
  if (!query.ok()) return found;  // Names may be of any bytes.
  const TraceqlRequest asked{
      .pipeline = std::get<traceql::SpansetPipeline>(query.value().root),
      .range = {.start_unix_nano = std::nullopt, .end_unix_nano = request.start_unix_nano},
      .limit = static_cast<uint32_t>(derive::kEnoughUsualTraces) + 1,  // it may be one itself
      .spans_per_spanset = 1,
      .memory = from.memory};
  const SearchResult searched = TRY(Search(from.sources, asked, from.cancelled, from.left_out));
  std::vector<TraceSummary> traces = searched.traces;
  std::erase_if(traces, [&](const TraceSummary& trace) {
    return trace.trace_id == request.trace_id || !trace.root_found;
  });
  if (traces.size() > derive::kEnoughUsualTraces) traces.resize(derive::kEnoughUsualTraces);
  ledger::Names names;
  derive::UsualTimesBuilder builder;
  const auto add = [&](const VisitedTrace& trace) -> base::Status {
    const LedgerTrace& read = trace.read;
    const uint32_t top = trace.ledger.accounts.front().root;
    if (top == ledger::kNone) return {};
    const ledger::Span& span = read.trace.spans[top];
    const auto start =
        static_cast<int64_t>(static_cast<uint64_t>(read.start_unix_nano) + span.start_ns);
    const derive::RootOperation operation =
        derive::RootOperationOf({.service = span.service, .name = span.operation}, names);
    if (operation == root && start < request.start_unix_nano) {
      builder.Add(read.trace, trace.ledger, read.start_unix_nano);
    }
    return {};
  };
  const base::Status read = VisitLedgers(from, traces, names, add);
  // What was read by then is of use.
  const bool late = !read.ok() && read.error().code == base::ErrorCode::kCancelled;
  if (!late) TRY(read);
  found.in_time = !late;
  derive::UsualTimes times;
  builder.MoveTo(times, names);
  if (const OperationTimes* of_root = times.Find(root)) found.times = *of_root;
  return found;
}

}  // namespace

std::string_view NameOf(UsualReference reference) {
  switch (reference) {
    case UsualReference::kHour:
      return "hour";
    case UsualReference::kDay:
      return "day";
    case UsualReference::kAll:
      return "all";
    case UsualReference::kNewest:
      break;
  }
  return "newest";
}

base::Result<FoundUsual> FindUsual(const LedgerSources& from, const UsualRequest& request) {
  const TimeLimit limit(kTime, from.cancelled);
  LedgerSources limited = from;
  limited.cancelled = limit.token();
  limited.options = request.options;
  FoundUsual told;
  if (!request.options.correct_skew) {
    told = TRY(FromBlocks(limited, request));
    if (told.times.traces() >= derive::kEnoughUsualTraces) return told;
  }
  auto read = FromTraces(limited, request);
  if (from.cancelled.stop_requested()) return QueryCancelled();
  const bool late = !read.ok() && read.error().code == base::ErrorCode::kCancelled;
  if (!read.ok() && !late) return std::move(read).error();
  if (!late && read.value().times.traces() >= told.times.traces()) return read;
  told.in_time = false;
  return told;
}

}  // namespace clew::query
