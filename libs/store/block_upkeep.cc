// SPDX-License-Identifier: Apache-2.0
// What becomes of the blocks of a store: they are merged, dropped and rewritten without what is
// deleted, one of these at a time, while spans come in and queries run.
#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "base/log.h"
#include "store/local_trace_store.h"
#include "store/upkeep_span.h"

namespace clew::store {

void LocalTraceStore::Replace(const BlockChanges& changes) {
  for (auto& block : blocks_.Replace(changes)) {
    counters_.spans -= block->description().spans;
    (changes.added.empty() ? dropped_ : replaced_).push_back(std::move(block));
  }
  for (const auto& block : changes.added) {
    counters_.spans += block->description().spans;
    counters_.merged_bytes += block->description().size_bytes();
  }
}

void LocalTraceStore::NoteCompaction(const BlockChanges& changes) {
  const base::MutexLock lock(mutex_);
  Replace(changes);
  counters_.merges += changes.added.size();
  if (changes.added.empty()) counters_.dropped_blocks += changes.removed.size();
}

void LocalTraceStore::NoteMerge(const BlockStore::Blocks& merged, const Block& made,
                                int64_t took_ns) {
  const base::MutexLock lock(mutex_);
  counters_.merge_ns += static_cast<uint64_t>(took_ns);
  for (const auto& block : merged) counters_.merged_trace_parts += block->description().traces;
  counters_.merged_traces += made.description().traces;
}

void LocalTraceStore::NoteExpiry(const BlockChanges& changes) {
  const base::MutexLock lock(mutex_);
  Replace(changes);
  counters_.dropped_blocks += changes.removed.size();
  for (const auto& block : changes.added) counters_.kept_spans += block->description().spans;
}

// What failed may have been committed, and is found out later.
base::Status LocalTraceStore::FollowCatalog() {
  std::vector<std::string> served;  // before the catalog is read, which so knows them all
  {
    const base::MutexLock lock(mutex_);
    served = blocks_.Ids();
  }
  const BlockChanges changes = TRY(block_store_->ChangesTo(served));
  if (!changes.empty()) NoteCompaction(changes);
  return {};
}

// Queries that run may still read what is out of the catalog.
void LocalTraceStore::DeleteUnused() {
  const auto is_gone = [&](const std::shared_ptr<const Block>& block) {
    if (block.use_count() > 1) return false;
    block_store_->DeleteFiles(block->description());
    return true;
  };
  std::erase_if(replaced_, is_gone);
  std::erase_if(dropped_, is_gone);
}

// Without those that were dropped: while a query holds them, which may be for long, others would
// be dropped in their place, and in the end all.
uint64_t LocalTraceStore::HeldBytes() const {
  uint64_t bytes = 0;
  for (const auto& block : replaced_) bytes += block->description().size_bytes();
  return bytes;
}

void LocalTraceStore::LookAtDebt() {
  UnmergedBlocks unmerged = block_store_->Unmerged(options_.compaction);
  const base::MutexLock lock(mutex_);
  debt_.Set(std::move(unmerged));
  if (debt_.is_urgent()) compact_wake_.NotifyOne();
}

base::Result<bool> LocalTraceStore::CompactOnce() {
  const base::MutexLock upkeep(upkeep_);
  base::Result<bool> done = MergeOrDrop();
  DeleteUnused();
  return done;
}

base::Result<bool> LocalTraceStore::MergeOrDrop() {
  TRY(FollowCatalog());
  TRY(Drop());
  // One does not wait for the other: many windows may expire at once, and one may fail.
  const base::Result<bool> expired = Expire();
  const base::Result<bool> merged = Merge();
  return TRY(expired) || TRY(merged);
}

base::Status LocalTraceStore::Drop() {
  DeleteUnused();  // A query that held some may have ended.
  const std::vector<std::string> dropped = block_store_->NextDrops(RetentionOfNow(), HeldBytes());
  if (dropped.empty()) return {};
  const UpkeepSpan span(options_.tracer, "retention", TracedBlocks(dropped));
  TRY(span.Noted(block_store_->Drop(dropped)));
  NoteCompaction({.removed = dropped, .added = {}});
  return {};
}

BlockStore::Blocks LocalTraceStore::TracedBlocks(const std::vector<std::string>& ids) const {
  if (options_.tracer == nullptr) return {};
  const base::MutexLock lock(mutex_);
  return blocks_.Of(ids);
}

base::Result<bool> LocalTraceStore::Expire() {
  {
    const base::MutexLock lock(mutex_);
    if (!replayed_) return false;  // A part of a trace may be in the log still.
  }
  const RetentionLimits retention = RetentionOfNow();
  const auto plan = block_store_->NextExpiry(retention, options_.compaction);
  if (!plan) return false;
  const BlockStore::Blocks expired = BlocksOf(plan->tenant, plan->blocks);
  if (expired.empty()) return false;
  const UpkeepSpan span(options_.tracer, "retention", expired);
  base::Status kept = span.Noted(KeepSome(*plan, expired, *retention.keep));
  if (!kept.ok()) return PassOver(plan->blocks, std::move(kept).error());
  return true;
}

base::Status LocalTraceStore::KeepSome(const ExpiryPlan& plan, const BlockStore::Blocks& expired,
                                       const KeepRule& rule) {
  const std::stop_token stopped = stop_compacting_.get_token();
  const Sources sources = SourcesOf(plan.tenant);
  const Selection selection = TRY(rule.Select(expired, sources, stopped));
  if (!selection.left_out.empty()) {
    TRY(CheckLeftOut(selection.left_out, sources));
    // A block that is damaged stays for as long as any trace of it would be kept.
    if (block_store_->IsAnyDamaged(plan.blocks)) return {};
  }
  NoteExpiry(TRY(block_store_->Keep(plan, selection, expired, stopped)));
  return {};
}

// What cannot be read might have to be kept, so nothing goes unless that is so for good.
base::Status LocalTraceStore::CheckLeftOut(const std::vector<std::string>& reasons,
                                           const Sources& sources) {
  for (const std::string& reason : reasons) {
    std::vector<std::string> named;
    for (const auto& block : sources.blocks) {
      const std::string& id = block->description().id;
      if (reason.find(id) != std::string::npos) named.push_back(id);
    }
    (void)block_store_->SetAside(named);
    if (!block_store_->IsAnyDamaged(named)) {
      return base::Error{base::ErrorCode::kUnavailable,
                         "of traces that may be kept a part could not be read: " + reason};
    }
    base::LogWarning("of traces that may be kept a part is lost: " + reason);
  }
  return {};
}

base::Result<bool> LocalTraceStore::Merge() {
  const std::optional<MergePlan> plan = block_store_->NextMerge(options_.compaction);
  if (!plan) return false;
  const BlockStore::Blocks blocks = BlocksOf(plan->tenant, plan->blocks);
  if (blocks.empty()) return false;
  const UpkeepSpan span(options_.tracer, "compaction", blocks);
  const int64_t began_ns = clock_.MonotonicNanos();
  auto merged = span.Noted(block_store_->Merge(*plan, blocks, stop_compacting_.get_token()));
  if (!merged.ok()) return PassOver(plan->blocks, std::move(merged).error());
  span.SetWritten({merged.value()});
  NoteMerge(blocks, *merged.value(), clock_.MonotonicNanos() - began_ns);
  NoteCompaction({.removed = plan->blocks, .added = {std::move(merged).value()}});
  return true;
}

BlockStore::Blocks LocalTraceStore::BlocksOf(const std::string& tenant,
                                             const std::vector<std::string>& ids) const {
  const base::MutexLock lock(mutex_);
  BlockStore::Blocks blocks = blocks_.Of(tenant, ids);
  // The catalog may know a flushed block a moment before the list of sources does.
  if (blocks.size() != ids.size()) blocks.clear();
  return blocks;
}

base::Result<bool> LocalTraceStore::PassOver(const std::vector<std::string>& blocks,
                                             base::Error error) {
  using base::ErrorCode;
  const bool of_reading = error.code == ErrorCode::kCorruption || error.code == ErrorCode::kIo ||
                          error.code == ErrorCode::kNotFound;
  if (of_reading && block_store_->SetAside(blocks)) return true;
  return error;
}

void LocalTraceStore::MergeAndDrop() {
  // Not at once: what the log holds is replayed first.
  std::chrono::nanoseconds pause = options_.idle_look;
  while (true) {
    const uint64_t asked = WaitToCompact(pause);
    if (stop_compacting_.stop_requested()) return;
    const auto begin = std::chrono::steady_clock::now();
    const base::Result<bool> done = CompactOnce();
    LookAtDebt();
    if (!done.ok() && !stop_compacting_.stop_requested()) {
      base::LogError("blocks could not be merged or dropped: " + done.error().message);
    }
    const base::Status status = done.ok() ? base::Status() : done.error();
    NoteLook(status);
    const bool is_done = !done.ok() || !done.value();
    pause = RestAfter(std::chrono::steady_clock::now() - begin, is_done, options_.idle_look);
    if (is_done) NoteCompacted(asked, status);
  }
}

uint64_t LocalTraceStore::WaitToCompact(std::chrono::nanoseconds pause) {
  const base::MutexLock lock(mutex_);
  const bool asked = compactions_asked_ != compactions_done_ || stop_compacting_.stop_requested();
  const bool at_once = std::exchange(look_at_once_, false);
  if (!asked && !at_once && !debt_.is_urgent()) compact_wake_.WaitFor(mutex_, pause);
  return compactions_asked_;
}

void LocalTraceStore::NoteLook(const base::Status& status) {
  const base::MutexLock lock(mutex_);
  debt_.NoteLook(status);
}

void LocalTraceStore::NoteCompacted(uint64_t asked, base::Status status) {
  const base::MutexLock lock(mutex_);
  compactions_done_ = asked;
  compacted_status_ = std::move(status);
  compacted_.NotifyAll();
}

base::Status LocalTraceStore::Compact() {
  const base::MutexLock lock(mutex_);
  const uint64_t asked = ++compactions_asked_;
  compact_wake_.NotifyOne();
  while (compactions_done_ < asked && !closing_) compacted_.Wait(mutex_);
  if (compactions_done_ < asked) return base::Error{base::ErrorCode::kCancelled, "closed"};
  return compacted_status_;
}

// No merge runs meanwhile, so every block lies on one side of the LSN.
base::Result<Deleted> LocalTraceStore::Delete(std::string_view tenant,
                                              std::optional<model::TraceId> trace_id) {
  const base::MutexLock upkeep(upkeep_);
  const uint64_t end = TRY(EndLog());
  TRY(FollowCatalog());
  BlockStore::Blocks blocks;
  {
    const base::MutexLock lock(mutex_);
    blocks = blocks_.Of(tenant);
  }
  const auto [changes, spans] = TRY(
      block_store_->Delete({.tenant = std::string(tenant), .trace_id = trace_id, .before_lsn = end},
                           blocks, stop_compacting_.get_token()));
  blocks.clear();
  {
    const base::MutexLock lock(mutex_);
    Replace(changes);
    counters_.deleted_spans += spans;
  }
  DeleteUnused();
  const size_t rewritten = changes.added.size();
  return Deleted{.spans = spans,
                 .rewritten_blocks = rewritten,
                 .removed_blocks = changes.removed.size() - rewritten};
}

}  // namespace clew::store
