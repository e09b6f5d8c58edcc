// SPDX-License-Identifier: Apache-2.0
#include "query/row_scan.h"

#include <functional>
#include <optional>
#include <utility>

#include "query/block_rows.h"
#include "query/eval/block_fields.h"
#include "query/eval/memtable_fields.h"

namespace clew::query {
namespace {

bool EndsQuery(const base::Status& status) {
  if (status.ok()) return false;
  const base::ErrorCode code = status.error().code;
  return code == base::ErrorCode::kCancelled || code == base::ErrorCode::kExhausted;
}

}  // namespace

bool RowScan::LookAt(const store::Block& block, const TimeRange& range, RunCounters* counters) {
  const store::BlockDescription& description = block.description();
  const bool may =
      range.MayContain(description.min_start_unix_nano, description.max_start_unix_nano);
  if (counters != nullptr) ++(may ? counters->blocks : counters->blocks_outside);
  return may;
}

RowSet RowScan::RowsInRange(const store::Memtable& memtable, const TimeRange& range,
                            Cancellation& cancellation, RunCounters* counters) {
  RowSet rows(memtable.published_rows());
  if (counters != nullptr) {
    ++counters->memtables;
    counters->rows += rows.size();
  }
  for (uint32_t row = 0; row < rows.size() && !cancellation.CancelledAfterRow(); ++row) {
    if (range.Contains(memtable.row(row).start_unix_nano)) rows.Add(row);
  }
  return rows;
}

base::Status RowScan::Run(const traceql::SpansetFilter& filter, SpanTaker& taker) {
  TRY(FindParts());
  outcomes_.resize(parts_.size());
  const RowFilter rows(filter.expr.get(), means_.regexes);
  ScanThreads* const threads = taker.forks() ? means_.threads : nullptr;
  std::vector<Worker> workers;
  const size_t most = WorkersOf(threads);
  workers.reserve(most);
  for (size_t i = 0; i < most; ++i) workers.push_back({Cancellation(means_.cancelled)});
  const auto scan = [&](size_t part, size_t number) {
    // Once the query cannot go on, only what is worse could still be found.
    if (failed_.load(std::memory_order_relaxed)) return;
    Worker& worker = workers[number];
    if (number > 0 && worker.fork == nullptr) worker.fork = taker.Fork();
    SpanTaker& of_worker = number > 0 ? *worker.fork : taker;
    outcomes_[part] = Scan(parts_[part], rows, worker, of_worker);
    if (EndsQuery(outcomes_[part])) failed_.store(true, std::memory_order_relaxed);
    TellProgress();
  };
  ForEachPart(threads, parts_.size(), scan);
  return Finish(workers, taker);
}

void RowScan::TellProgress() {
  if (means_.progress == nullptr) return;
  means_.progress->OnProgress(done_.fetch_add(1, std::memory_order_relaxed) + 1, parts_.size());
}

base::Status RowScan::FindParts() {
  for (const auto& memtable : means_.sources.memtables) {
    parts_.push_back({.memtable = memtable.get()});
  }
  for (const auto& block : means_.sources.blocks) {
    if (!LookAt(*block, means_.range, counters_)) continue;
    const base::Result<store::Block::Spans> spans = block->OpenSpans();
    if (!spans.ok()) {
      TRY(LeftOut::Note(spans.error(), means_.left_out));
      continue;
    }
    const size_t groups = spans.value().file().row_group_count();
    for (size_t group = 0; group < groups; ++group) {
      parts_.push_back({.block = block.get(), .group = group});
    }
  }
  return {};
}

base::Status RowScan::Finish(std::vector<Worker>& workers, SpanTaker& taker) {
  if (counters_ != nullptr) {
    for (const Worker& worker : workers) *counters_ += worker.counters;
  }
  for (base::Status& outcome : outcomes_) {
    if (EndsQuery(outcome)) return std::move(outcome);
  }
  for (base::Status& outcome : outcomes_) TRY(LeftOut::Note(std::move(outcome), means_.left_out));
  return JoinForks(workers, taker);
}

base::Status RowScan::JoinForks(std::vector<Worker>& workers, SpanTaker& taker) {
  std::vector<SpanTaker*> takers = {&taker};
  for (Worker& worker : workers) {
    if (worker.fork != nullptr) takers.push_back(worker.fork.get());
  }
  if (takers.size() == 1) return {};
  means_.threads->ForEach(takers.size(), [&](size_t i, size_t) { takers[i]->Settle(); });
  for (size_t i = 1; i < takers.size(); ++i) TRY(taker.Join(*takers[i]));
  return {};
}

base::Status RowScan::Scan(const Part& part, const RowFilter& filter, Worker& worker,
                           SpanTaker& taker) {
  if (worker.cancellation.Look()) return QueryCancelled();
  if (part.memtable != nullptr) return ScanMemtable(*part.memtable, filter, worker, taker);
  return ScanGroup(part, filter, worker, taker);
}

base::Status RowScan::ScanMemtable(const store::Memtable& memtable, const RowFilter& filter,
                                   Worker& worker, SpanTaker& taker) {
  Cancellation& cancellation = worker.cancellation;
  RowSet rows = RowsInRange(memtable, means_.range, cancellation, &worker.counters);
  MemtableFields columns(memtable);
  FieldSet fields(columns, means_.regexes);
  TRY(filter.Narrow(memtable, fields, cancellation, rows));
  if (cancellation.Look()) return QueryCancelled();  // and `rows` are not all
  uint32_t row = 0;
  const std::function<base::Result<SelectedSpan::Ids>()> ids =
      [&]() -> base::Result<SelectedSpan::Ids> {
    return SelectedSpan::Ids{memtable.trace_id(row), memtable.row(row).span_id};
  };
  for (auto next = rows.Next(0, rows.size()); next; next = rows.Next(*next + 1, rows.size())) {
    if (cancellation.CancelledAfterRow()) return QueryCancelled();
    row = static_cast<uint32_t>(*next);
    const SpanAt at{.row = row, .texts = &fields.texts()};
    TRY(taker.Add({at, memtable.row(row).start_unix_nano, fields, ids}));
  }
  return {};
}

base::Status RowScan::ScanGroup(const Part& part, const RowFilter& filter, Worker& worker,
                                SpanTaker& taker) {
  const store::Block::Spans spans = TRY(part.block->OpenSpans());
  std::optional<BlockRows> group = TRY(BlockRows::Open(spans, part.group, means_.range));
  Count(group, &worker.counters);
  if (!group) return {};
  RowSet rows = group->InRange();
  BlockFields columns(*group);
  FieldSet fields(columns, means_.regexes);
  TRY(filter.Narrow(*group, fields, worker.cancellation, rows));
  if (worker.cancellation.Look()) return QueryCancelled();  // and `rows` are not all
  if (rows.empty()) {
    ++worker.counters.row_groups_without;
    return {};
  }
  return taker.AddRows({*part.block, *group, fields, rows}, worker.cancellation);
}

}  // namespace clew::query
