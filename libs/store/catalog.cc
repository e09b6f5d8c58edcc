// SPDX-License-Identifier: Apache-2.0
#include "store/catalog.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <random>
#include <utility>
#include <vector>

#include "base/log.h"

namespace clew::store {
namespace {

constexpr std::string_view kPrefix = "catalog/0/";
constexpr std::string_view kSnapshot = ".snapshot";
constexpr int kMaxAttempts = 64;  // of commits and of reads that others disturb

std::string KeyOf(uint64_t number) {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%020llu", static_cast<unsigned long long>(number));
  return std::string(kPrefix) + digits;
}

std::string SnapshotKeyOf(uint64_t number) {
  return KeyOf(number) + std::string(kSnapshot);
}

struct Listed {
  uint64_t number = 0;
  bool snapshot = false;
};

std::optional<Listed> ParseKey(std::string_view key) {
  Listed listed;
  key.remove_prefix(kPrefix.size());
  if (key.ends_with(kSnapshot)) {
    listed.snapshot = true;
    key.remove_suffix(kSnapshot.size());
  }
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), listed.number);
  if (error != std::errc() || end != key.data() + key.size()) return std::nullopt;
  return listed;
}

uint64_t MakeNonce() {
  std::random_device device;
  return uint64_t{device()} << 32 | device();
}

base::Result<CatalogEntry> Decode(const std::string& key, std::string_view bytes) {
  auto entry = DecodeCatalogEntry(bytes);
  if (entry.ok()) return entry;
  return base::Error{entry.error().code, key + ": " + entry.error().message};
}

}  // namespace

base::Result<std::unique_ptr<Catalog>> Catalog::Open(objects::ObjectStore& objects,
                                                     base::Clock& clock, Options options) {
  auto catalog = std::unique_ptr<Catalog>(new Catalog(objects, clock, options));
  const base::MutexLock lock(catalog->mutex_);
  TRY(catalog->Load());
  return catalog;
}

std::shared_ptr<const CatalogState> Catalog::state() const {
  const base::MutexLock lock(mutex_);
  return state_;
}

void Catalog::Take(const CatalogEntry& entry, uint64_t bytes) {
  // Readers keep the state they have.
  auto state = std::make_shared<CatalogState>(*state_);
  state->Apply(entry);
  state_ = std::move(state);
  ++next_;
  tail_bytes_ += bytes;
}

// Another process may write a snapshot and delete entries while this one reads: then
// it starts again.
base::Status Catalog::Load() {
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    const bool whole = TRY(LoadOnce());
    if (whole) return {};
  }
  return base::Error{base::ErrorCode::kUnavailable,
                     "the catalog changes faster than it can be read"};
}

// False when an entry was deleted meanwhile.
base::Result<bool> Catalog::LoadOnce() {
  uint64_t snapshot = 0;
  uint64_t last = 0;
  for (const objects::ObjectInfo& object : TRY(objects_.List(kPrefix))) {
    const std::optional<Listed> listed = ParseKey(object.key);
    if (!listed) continue;
    if (listed->snapshot) snapshot = std::max(snapshot, listed->number);
    last = std::max(last, listed->number);
  }
  auto state = std::make_shared<CatalogState>();
  snapshot_ = snapshot;
  snapshot_bytes_ = tail_bytes_ = 0;
  if (snapshot > 0) {
    const auto bytes = objects_.GetAll(SnapshotKeyOf(snapshot));
    if (!bytes.ok() && bytes.error().code == base::ErrorCode::kNotFound) return false;
    if (!bytes.ok()) return bytes.error();
    state->Apply(TRY(Decode(SnapshotKeyOf(snapshot), bytes.value())));
    snapshot_bytes_ = bytes.value().size();
  }
  // Built in place: nobody reads it yet.
  for (next_ = snapshot + 1; next_ <= last; ++next_) {
    const auto bytes = objects_.GetAll(KeyOf(next_));
    if (!bytes.ok() && bytes.error().code == base::ErrorCode::kNotFound) return false;
    if (!bytes.ok()) return bytes.error();
    state->Apply(TRY(Decode(KeyOf(next_), bytes.value())));
    tail_bytes_ += bytes.value().size();
  }
  state_ = std::move(state);
  return true;
}

// Reads the next entry if there is one, and tells its nonce. A chain that has gone on
// so far that the next entry is deleted is read from its snapshot.
base::Result<bool> Catalog::ReadNext(uint64_t* nonce) {
  const auto bytes = objects_.GetAll(KeyOf(next_));
  if (bytes.ok()) {
    const CatalogEntry entry = TRY(Decode(KeyOf(next_), bytes.value()));
    Take(entry, bytes.value().size());
    *nonce = entry.nonce;
    return true;
  }
  if (bytes.error().code != base::ErrorCode::kNotFound) return bytes.error();
  const auto later = objects_.List(kPrefix);
  if (!later.ok()) return later.error();
  for (const objects::ObjectInfo& object : later.value()) {
    const std::optional<Listed> listed = ParseKey(object.key);
    if (listed && listed->number >= next_) {
      TRY(Load());
      *nonce = 0;
      return true;
    }
  }
  return false;
}

base::Result<std::shared_ptr<const CatalogState>> Catalog::Refresh() {
  const base::MutexLock lock(mutex_);
  uint64_t nonce = 0;
  while (true) {
    const bool more = TRY(ReadNext(&nonce));
    if (!more) return state_;
  }
}

// False when another entry was first; it has been read then.
base::Result<bool> Catalog::Append(const CatalogEntry& entry) {
  const std::string bytes = EncodeCatalogEntry(entry);
  const auto made = objects_.PutIfAbsent(KeyOf(next_), bytes);
  if (made.ok() && made.value()) {
    Take(entry, bytes.size());
    return true;
  }
  // Somebody was first, or it is not known whether this call made it: the nonce tells.
  uint64_t nonce = 0;
  const auto read = ReadNext(&nonce);
  if (read.ok() && read.value()) return nonce == entry.nonce;
  if (!made.ok()) return made.error();
  if (!read.ok()) return read.error();
  return base::Error{base::ErrorCode::kUnavailable, KeyOf(next_) + " is there and is not"};
}

base::Status Catalog::Commit(CatalogEntry entry) {
  entry.nonce = MakeNonce();
  entry.node = options_.node;
  entry.epoch = options_.epoch;
  entry.time_unix_nano = clock_.UnixNanos();
  const base::MutexLock lock(mutex_);
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    TRY(state_->Check(entry));
    const bool made = TRY(Append(entry));
    if (!made) continue;
    if (tail_bytes_ > std::max(options_.snapshot_bytes, snapshot_bytes_)) WriteSnapshot();
    return {};
  }
  return base::Error{base::ErrorCode::kUnavailable, "others commit too fast; try again"};
}

// A snapshot only saves time, so its failure is no failure of the commit.
void Catalog::WriteSnapshot() {
  const uint64_t number = next_ - 1;
  const std::string bytes = EncodeCatalogEntry(state_->Snapshot());
  const auto made = objects_.PutIfAbsent(SnapshotKeyOf(number), bytes);
  if (!made.ok()) {
    base::LogWarning("no snapshot of the catalog was written: " + made.error().message);
    return;
  }
  // A reader that found the last snapshot still finds what stands behind it.
  const uint64_t keep = snapshot_;
  snapshot_ = number;
  snapshot_bytes_ = bytes.size();
  tail_bytes_ = 0;
  const auto listed = objects_.List(kPrefix);
  if (!listed.ok()) return;
  for (const objects::ObjectInfo& object : listed.value()) {
    const std::optional<Listed> old = ParseKey(object.key);
    const bool superfluous = old && (old->snapshot ? old->number < keep : old->number <= keep);
    if (superfluous) (void)objects_.Delete(object.key);
  }
}

}  // namespace clew::store
