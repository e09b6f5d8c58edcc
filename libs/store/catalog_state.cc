// SPDX-License-Identifier: Apache-2.0
#include "store/catalog_state.h"

#include <algorithm>

namespace clew::store {
namespace {

base::Error Conflict(const std::string& what) {
  return {base::ErrorCode::kInvalidArgument, "the catalog does not take the commit: " + what};
}

}  // namespace

uint64_t CatalogBlock::size_bytes() const {
  uint64_t bytes = 0;
  for (const CatalogObject& object : objects) bytes += object.size_bytes;
  return bytes;
}

uint64_t CatalogState::FlushedLsn(uint64_t node, std::string_view tenant) const {
  const auto found = flushed_.find({node, std::string(tenant)});
  return found == flushed_.end() ? 0 : found->second;
}

uint64_t CatalogState::HighestFlushedLsn(uint64_t node) const {
  uint64_t highest = 0;
  for (const auto& [place, lsn] : flushed_) {
    if (place.first == node) highest = std::max(highest, lsn);
  }
  return highest;
}

uint64_t CatalogState::EpochOf(uint64_t node) const {
  const auto found = epochs_.find(node);
  return found == epochs_.end() ? 0 : found->second;
}

base::Status CatalogState::Check(const CatalogEntry& entry) const {
  const uint64_t epoch = EpochOf(entry.node);
  if (entry.epoch < epoch) {
    return Conflict("epoch " + std::to_string(entry.epoch) + " of the node is over, it is in " +
                    std::to_string(epoch));
  }
  for (const std::string& id : entry.removed) {
    if (!blocks_.contains(id)) return Conflict("block " + id + " is not live");
  }
  std::map<std::string, uint64_t, std::less<>> flushed;  // by this entry, so far
  for (const CatalogBlock& block : entry.added) {
    if (blocks_.contains(block.id)) return Conflict("block " + block.id + " is there already");
    if (block.lsns.last == 0) continue;
    uint64_t& last = flushed[block.tenant];
    last = std::max(last, FlushedLsn(entry.node, block.tenant));
    if (block.lsns.first <= last) {
      return Conflict("records " + std::to_string(block.lsns.first) + " to " +
                      std::to_string(block.lsns.last) + " are in blocks up to " +
                      std::to_string(last));
    }
    last = block.lsns.last;
  }
  for (const CatalogColumn& column : entry.columns) {
    if (NamesOf(column.tenant).MayRestore(column.name, column.type)) continue;
    return Conflict("column " + column.name + " of tenant " + column.tenant + " is taken");
  }
  return {};
}

const ColumnNames& CatalogState::NamesOf(std::string_view tenant) const {
  static const ColumnNames no_claims;
  const auto found = names_.find(tenant);
  return found == names_.end() ? no_claims : *found->second;
}

std::vector<CatalogColumn> CatalogState::columns() const {
  std::vector<CatalogColumn> columns;
  for (const auto& [tenant, names] : names_) {
    for (const ColumnNames::Owner& owner : names->ClaimedSince({})) {
      columns.push_back({.tenant = tenant, .name = owner.name, .type = owner.type});
    }
  }
  return columns;
}

void CatalogState::NoteColumns(const std::vector<CatalogColumn>& columns) {
  std::map<std::string_view, std::shared_ptr<ColumnNames>> changed;
  for (const CatalogColumn& column : columns) {
    std::shared_ptr<ColumnNames>& names = changed[column.tenant];
    if (names == nullptr) names = std::make_shared<ColumnNames>(NamesOf(column.tenant));
    names->Restore(column.name, column.type);
  }
  for (auto& [tenant, names] : changed) names_[std::string(tenant)] = std::move(names);
}

void CatalogState::Apply(const CatalogEntry& entry) {
  if (entry.node != 0) epochs_[entry.node] = std::max(epochs_[entry.node], entry.epoch);
  for (const auto& [node, epoch] : entry.epochs) epochs_[node] = std::max(epochs_[node], epoch);
  for (const std::string& id : entry.removed) blocks_.erase(id);
  for (const CatalogBlock& block : entry.added) {
    blocks_.insert_or_assign(block.id, block);
    if (block.lsns.last == 0 || entry.node == 0) continue;
    uint64_t& lsn = flushed_[{entry.node, block.tenant}];
    lsn = std::max(lsn, block.lsns.last);
  }
  for (const CatalogFlushed& flushed : entry.flushed) {
    uint64_t& lsn = flushed_[{flushed.node, flushed.tenant}];
    lsn = std::max(lsn, flushed.lsn);
  }
  NoteColumns(entry.columns);
  unknown_.insert(unknown_.end(), entry.unknown.begin(), entry.unknown.end());
  for (const uint64_t nonce : entry.recent) NoteNonce(nonce);
  if (entry.nonce != last_nonce()) NoteNonce(entry.nonce);
}

void CatalogState::NoteNonce(uint64_t nonce) {
  if (recent_.size() == kRecentCommits) recent_.erase(recent_.begin());
  recent_.push_back(nonce);
}

bool CatalogState::HasTaken(uint64_t nonce) const {
  return std::ranges::find(recent_, nonce) != recent_.end();
}

CatalogEntry CatalogState::Snapshot() const {
  CatalogEntry entry;
  for (const auto& [id, block] : blocks_) entry.added.push_back(block);
  for (const auto& [place, lsn] : flushed_) {
    entry.flushed.push_back({place.first, place.second, lsn});
  }
  entry.epochs.assign(epochs_.begin(), epochs_.end());
  entry.columns = columns();
  entry.nonce = last_nonce();
  entry.recent = recent_;
  entry.unknown = unknown_;
  return entry;
}

}  // namespace clew::store
