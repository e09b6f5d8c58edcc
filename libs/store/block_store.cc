// SPDX-License-Identifier: Apache-2.0
#include "store/block_store.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "base/log.h"
#include "store/memtable_input.h"
#include "store/merge_input.h"
#include "store/ulid.h"

namespace clew::store {
namespace {

constexpr int64_t kUnreadableNanos = int64_t{60} * 1'000'000'000;

// The names of a tenant's columns: those that are committed, and those of an entry that is to
// be.
ColumnNames NamesOf(const CatalogState& state, std::string_view tenant,
                    const CatalogEntry& entry = {}) {
  ColumnNames names = state.NamesOf(tenant);
  for (const CatalogColumn& column : entry.columns) {
    if (column.tenant == tenant) names.Restore(column.name, column.type);
  }
  return names;
}

// The names that were claimed since.
std::vector<CatalogColumn> NewNames(const ColumnNames& names, const ColumnNames& before,
                                    const std::string& tenant) {
  std::vector<CatalogColumn> columns;
  for (const ColumnNames::Owner& owner : names.ClaimedSince(before)) {
    columns.push_back({.tenant = tenant, .name = owner.name, .type = owner.type});
  }
  return columns;
}

}  // namespace

BlockStore::BlockStore(objects::ObjectStore& objects, base::Clock& clock, Options options,
                       std::unique_ptr<Catalog> catalog)
    : objects_(objects),
      clock_(clock),
      node_(options.node),
      epoch_(options.epoch),
      begins_(options.begins),
      cache_(std::make_unique<PageCache>(options.cache_bytes)),
      catalog_(std::move(catalog)) {}

base::Result<std::unique_ptr<BlockStore>> BlockStore::Open(objects::ObjectStore& objects,
                                                           base::Clock& clock, Options options) {
  auto catalog = TRY(Catalog::Open(objects, clock, {.node = options.node, .epoch = options.epoch}));
  auto store =
      std::unique_ptr<BlockStore>(new BlockStore(objects, clock, options, std::move(catalog)));
  TRY(store->RemoveLeftovers());
  return store;
}

// Objects of blocks that no commit names: whoever wrote them is gone, because the
// directory is locked.
base::Status BlockStore::RemoveLeftovers() {
  std::set<std::string> live;
  const std::shared_ptr<const CatalogState> state = catalog_->state();
  for (const auto& [id, block] : state->blocks()) {
    for (const CatalogObject& object : block.objects) {
      live.insert(BlockPrefix(block.tenant, id) + object.name);
    }
  }
  for (const std::string& key : TRY(objects_.List("blocks/"))) {
    if (!live.contains(key)) TRY(objects_.Delete(key));
  }
  return {};
}

std::shared_ptr<const Block> BlockStore::OpenBlock(const BlockDescription& block) const {
  return std::make_shared<const Block>(objects_, block, cache_.get());
}

ServedBlocks::ByTenant BlockStore::AllBlocks() const {
  ServedBlocks::ByTenant blocks;
  const std::shared_ptr<const CatalogState> state = catalog_->state();
  for (const auto& [id, block] : state->blocks()) {
    blocks[block.tenant].push_back(OpenBlock(DescriptionOf(block)));
  }
  return blocks;
}

uint64_t BlockStore::FlushedLsn(std::string_view tenant) const {
  return catalog_->state()->FlushedLsn(node_, tenant);
}

uint64_t BlockStore::HighestFlushedLsn() const {
  return catalog_->state()->HighestFlushedLsn(node_);
}

// By this process: what a later life of the node did the catalog refuses to take again.
bool BlockStore::IsFlushed(const CatalogState& state, const SealedMemtable& sealed) const {
  return state.EpochOf(node_) <= epoch_ &&
         state.FlushedLsn(node_, sealed.tenant) >= sealed.lsns.last;
}

const CatalogBlock* BlockStore::FlushedBlock(const CatalogState& state,
                                             const SealedMemtable& sealed) {
  for (const auto& [id, block] : state.blocks()) {
    if (block.tenant == sealed.tenant && block.lsns == sealed.lsns) return &block;
  }
  return nullptr;
}

base::Status BlockStore::WriteInto(CatalogEntry& entry, BlockInput& input, CatalogBlock block,
                                   parquet::Codec codec) {
  const ColumnNames before = NamesOf(*catalog_->state(), block.tenant, entry);
  ColumnNames names = before;
  TRY(WriteFiles(input, names, codec, block));
  std::ranges::copy(NewNames(names, before, block.tenant), std::back_inserter(entry.columns));
  entry.added.push_back(std::move(block));
  return {};
}

base::Status BlockStore::WriteFlushed(const SealedMemtable& sealed, CatalogEntry& entry) {
  const int64_t now = clock_.UnixNanos();
  CatalogBlock block{.tenant = sealed.tenant,
                     .id = MakeUlid(now),
                     .level = 0,
                     .received_unix_nano = now,
                     .lsns = sealed.lsns};
  MemtableInput input(*sealed.memtable);
  return WriteInto(entry, input, std::move(block), parquet::Codec::kLz4Raw);
}

base::Result<BlockStore::Blocks> BlockStore::Flush(const SealedMemtables& sealed) {
  const std::shared_ptr<const CatalogState> state = TRY(catalog_->Refresh());
  Blocks blocks;
  CatalogEntry entry;
  for (const auto& memtable : sealed) {
    const CatalogBlock* flushed = nullptr;
    if (IsFlushed(*state, *memtable)) {
      flushed = FlushedBlock(*state, *memtable);
    } else if (memtable->rows > 0) {
      base::Status written = WriteFlushed(*memtable, entry);
      if (!written.ok() && blocks.empty()) return std::move(written).error();
      if (!written.ok()) break;
      flushed = &entry.added.back();
    }
    blocks.push_back(flushed == nullptr ? nullptr : OpenBlock(DescriptionOf(*flushed)));
  }
  if (!entry.added.empty()) TRY(Commit(std::move(entry)));
  return blocks;
}

base::Status BlockStore::WriteFiles(BlockInput& input, ColumnNames& names, parquet::Codec codec,
                                    CatalogBlock& block) {
  // Traces of flushed blocks are in pieces, and those that a rule keeps are not the usual ones.
  const bool whole_traffic = block.level > 0 && block.keep_until_unix_nano == 0;
  auto result = WriteBlock(input, names, objects_,
                           {.tenant = block.tenant,
                            .block_id = block.id,
                            .codec = codec,
                            .with_usual_times = whole_traffic});
  if (!result.ok()) {
    // On a full disk every attempt would leave some more.
    DeleteFiles({.tenant = block.tenant, .id = block.id});
    return std::move(result).error();
  }
  const WrittenBlock written = std::move(result).value();
  block.format = kBlockFormat;
  block.spans = written.spans;
  block.traces = written.traces;
  block.min_start_unix_nano = written.min_start_unix_nano;
  block.max_start_unix_nano = written.max_start_unix_nano;
  block.objects.clear();
  for (const WrittenObject& object : written.objects) {
    block.objects.push_back({object.name, object.size_bytes, object.hash});
  }
  return {};
}

base::Status BlockStore::BeginAndCommit(const CatalogEntry& entry) {
  if (begins_ != nullptr) TRY(begins_->Begin());
  return catalog_->Commit(entry);
}

base::Status BlockStore::Commit(CatalogEntry entry) {
  base::Status committed = BeginAndCommit(entry);
  if (committed.ok()) return {};
  const bool refused = committed.error().code == base::ErrorCode::kInvalidArgument;
  // Unless the commit came through after all, or nobody knows.
  const auto state = catalog_->Refresh();
  if (!state.ok()) return committed;
  const auto& live = state.value()->blocks();
  const bool added = std::ranges::all_of(
      entry.added, [&](const CatalogBlock& block) { return live.contains(block.id); });
  const bool removed =
      std::ranges::none_of(entry.removed, [&](const std::string& id) { return live.contains(id); });
  if (!refused && added && removed) return {};
  for (const CatalogBlock& block : entry.added) {
    if (!live.contains(block.id)) DeleteFiles(DescriptionOf(block));
  }
  return committed;
}

base::Result<BlockChanges> BlockStore::CommitChanges(CatalogEntry entry) {
  BlockChanges changes{.removed = entry.removed};
  for (const CatalogBlock& block : entry.added) {
    changes.added.push_back(OpenBlock(DescriptionOf(block)));
  }
  TRY(Commit(std::move(entry)));
  return changes;
}

base::Result<BlockChanges> BlockStore::ChangesTo(const std::vector<std::string>& served) {
  BlockChanges changes;
  const std::set<std::string_view> known(served.begin(), served.end());
  const std::shared_ptr<const CatalogState> state = TRY(catalog_->Refresh());
  for (const std::string& id : served) {
    if (!state->blocks().contains(id)) changes.removed.push_back(id);
  }
  for (const auto& [id, block] : state->blocks()) {
    // One that was flushed takes the place of its memtable, and not here.
    const bool merged = block.lsns.last == 0;
    if (merged && !known.contains(id)) {
      changes.added.push_back(OpenBlock(DescriptionOf(block)));
    }
  }
  return changes;
}

std::optional<MergePlan> BlockStore::NextMerge(const CompactionLimits& limits) const {
  return PlanMerge(*catalog_->state(), clock_.UnixNanos(), limits, InNoMerge());
}

UnmergedBlocks BlockStore::Unmerged(const CompactionLimits& limits) const {
  return CountUnmerged(*catalog_->state(), clock_.UnixNanos(), limits, InNoMerge());
}

std::vector<std::string> BlockStore::NextDrops(const RetentionLimits& limits,
                                               uint64_t held_bytes) const {
  return PlanRetention(*catalog_->state(), clock_.UnixNanos(), limits, held_bytes);
}

std::optional<ExpiryPlan> BlockStore::NextExpiry(const RetentionLimits& retention,
                                                 const CompactionLimits& limits) const {
  const base::MutexLock lock(mutex_);
  return PlanExpiry(*catalog_->state(), clock_.UnixNanos(), retention, limits, damaged_);
}

bool BlockStore::IsAnyDamaged(const std::vector<std::string>& blocks) const {
  const base::MutexLock lock(mutex_);
  for (const std::string& id : blocks) {
    if (damaged_.contains(id)) return true;
  }
  return false;
}

BlockIds BlockStore::InNoMerge() const {
  const int64_t now = clock_.UnixNanos();
  const base::MutexLock lock(mutex_);
  BlockIds ids = damaged_;
  for (const auto& [id, until] : unreadable_) {
    if (now < until) ids.insert(id);
  }
  return ids;
}

bool BlockStore::IsSetAside(const std::string& id) const {
  return InNoMerge().contains(id);
}

// A file may be unreadable because there are too many open, or no memory: what is in it is not
// known then, and asked again.
void BlockStore::NoteFault(const CatalogBlock& block, const BlockFault& fault) {
  const std::string named = "block " + block.id + " of tenant " + block.tenant;
  const std::string why = fault.object + ": " + fault.what;
  const base::MutexLock lock(mutex_);
  if (fault.is_damage()) {
    unreadable_.erase(block.id);
    damaged_.insert(block.id);
    base::LogError(named + " is damaged and stays as it is, in no merge: " + why);
  } else {
    unreadable_[block.id] = clock_.UnixNanos() + kUnreadableNanos;
    base::LogWarning(named + " cannot be read and is in no merge for a while: " + why);
  }
}

bool BlockStore::SetAside(const std::vector<std::string>& blocks) {
  const std::shared_ptr<const CatalogState> state = catalog_->state();
  bool found = false;
  for (const std::string& id : blocks) {
    const auto block = state->blocks().find(id);
    if (block == state->blocks().end() || IsSetAside(id)) continue;
    std::vector<BlockFault> faults = CheckBlock(objects_, block->second);
    // A merge does not read it and makes it anew.
    std::erase_if(faults,
                  [](const BlockFault& fault) { return fault.object == kUsualTimesObject; });
    if (faults.empty()) continue;
    const auto damage = std::ranges::find_if(faults, &BlockFault::is_damage);
    NoteFault(block->second, damage == faults.end() ? faults.front() : *damage);
    found = true;
  }
  return found;
}

size_t BlockStore::damaged_blocks() const {
  const std::shared_ptr<const CatalogState> state = catalog_->state();
  const base::MutexLock lock(mutex_);
  return static_cast<size_t>(std::ranges::count_if(
      damaged_, [&](const std::string& id) { return state->blocks().contains(id); }));
}

int64_t BlockStore::LastReceived(const std::vector<std::string>& blocks) const {
  int64_t received = INT64_MIN;
  const std::shared_ptr<const CatalogState> state = catalog_->state();
  for (const std::string& id : blocks) {
    const auto block = state->blocks().find(id);
    if (block == state->blocks().end()) continue;
    received = std::max(received, block->second.received_unix_nano);
  }
  return received;
}

base::Result<std::shared_ptr<const Block>> BlockStore::Merge(const MergePlan& plan,
                                                             const Blocks& blocks,
                                                             const std::stop_token& stopped) {
  const std::unique_ptr<MergeInput> input = TRY(MergeInput::Open(blocks, stopped));
  CatalogEntry entry{.removed = plan.blocks};
  // The result belongs to the window of its inputs.
  TRY(WriteInto(entry, *input,
                {.tenant = plan.tenant,
                 .id = MakeUlid(clock_.UnixNanos()),
                 .level = plan.level,
                 .received_unix_nano = LastReceived(plan.blocks)},
                parquet::Codec::kZstd));
  return TRY(CommitChanges(std::move(entry))).added.front();
}

base::Status BlockStore::WriteKept(CatalogEntry& entry, const Blocks& blocks,
                                   std::span<const model::TraceId> traces, CatalogBlock block,
                                   const std::stop_token& stopped) {
  const auto is_kept = [&](const model::TraceId& id) {
    return std::ranges::binary_search(traces, id);
  };
  const std::unique_ptr<MergeInput> input = TRY(MergeInput::Open(blocks, stopped, is_kept));
  if (input->fragments().empty()) return {};
  return WriteInto(entry, *input, std::move(block), parquet::Codec::kZstd);
}

base::Result<BlockChanges> BlockStore::Keep(const ExpiryPlan& plan, const Selection& selection,
                                            const Blocks& blocks, const std::stop_token& stopped) {
  CatalogEntry entry{.removed = plan.blocks};
  const int64_t received = LastReceived(plan.blocks);
  const int64_t now = clock_.UnixNanos();
  for (const auto& [age_ns, traces] : selection.kept_ns) {
    const int64_t until = EndOfAge(received, age_ns);
    if (until <= now) continue;  // The server did not run for long.
    const base::Status written = WriteKept(entry, blocks, traces,
                                           {.tenant = plan.tenant,
                                            .id = MakeUlid(now),
                                            .level = kMergedForGood,
                                            .received_unix_nano = received,
                                            .keep_until_unix_nano = until},
                                           stopped);
    if (written.ok()) continue;
    for (const CatalogBlock& block : entry.added) DeleteFiles(DescriptionOf(block));
    return written.error();
  }
  return CommitChanges(std::move(entry));
}

base::Status BlockStore::Drop(const std::vector<std::string>& blocks) {
  return BeginAndCommit({.removed = blocks});
}

base::Result<uint64_t> BlockStore::LeaveOut(const model::TraceId& trace_id,
                                            const std::shared_ptr<const Block>& block,
                                            CatalogBlock known, CatalogEntry& entry,
                                            const std::stop_token& stopped) {
  uint64_t spans = 0;
  for (const RowRange& run : TRY(block->Find(trace_id))) spans += run.count;
  if (spans == 0) return 0;
  const auto input = TRY(MergeInput::Open(
      {block}, stopped, [&](const model::TraceId& other) { return other != trace_id; }));
  entry.removed.push_back(known.id);
  if (input->fragments().empty()) return spans;
  // Of the same level and window, but of no records: they are flushed already.
  known.id = MakeUlid(clock_.UnixNanos());
  known.lsns = {};
  TRY(WriteInto(entry, *input, std::move(known), parquet::Codec::kZstd));
  return spans;
}

base::Result<DeletedSpans> BlockStore::Delete(const CatalogDeletion& deletion, const Blocks& blocks,
                                              const std::stop_token& stopped) {
  CatalogEntry entry{.deletions = {deletion}};
  DeletedSpans deleted;
  const std::shared_ptr<const CatalogState> state = catalog_->state();
  for (const auto& block : blocks) {
    const auto known = state->blocks().find(block->description().id);
    if (known == state->blocks().end() || known->second.lsns.first >= deletion.before_lsn) continue;
    if (!deletion.trace_id) {
      deleted.spans += block->description().spans;
      entry.removed.push_back(block->description().id);
      continue;
    }
    const auto spans = LeaveOut(*deletion.trace_id, block, known->second, entry, stopped);
    if (!spans.ok()) {
      for (const CatalogBlock& written : entry.added) DeleteFiles(DescriptionOf(written));
      return spans.error();
    }
    deleted.spans += spans.value();
  }
  if (entry.removed.empty()) return deleted;
  deleted.changes = TRY(CommitChanges(std::move(entry)));
  return deleted;
}

void BlockStore::DeleteFiles(const BlockDescription& block) {
  // What stays is removed at the next start.
  const std::string prefix = BlockPrefix(block.tenant, block.id);
  for (const std::string_view object : kBlockObjects) {
    (void)objects_.Delete(prefix + std::string(object));
  }
  (void)objects_.Delete(prefix + std::string(kUsualTimesObject));
}

}  // namespace clew::store
