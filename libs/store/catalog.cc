// SPDX-License-Identifier: Apache-2.0
// Old entries are deleted, so that a number is free may mean that its entry is not
// made yet, or that it is long gone:
//
//   3.snapshot  (4 5 6)  7  8  9.snapshot  10  11     entries 1 to 3 are deleted
//
// A writer that slept since entry 2 could make entry 3 once more, and nobody would ever
// look at it; a reader that slept as long would take it for the next. Lists do not help,
// they may lag. But entries are deleted in the order of their numbers, after the
// snapshots that lead to them. So whoever made or read entry n looks whether what it
// came from, entry n - 1 or the snapshot, is still there: if it is, nothing behind it
// has been deleted at that time, and n is part of the chain. (For entry 1 it is enough
// that nothing was ever deleted.) If not, the chain is read from its newest snapshot,
// which also tells the nonces of the last commits, by which a writer knows whether its
// own is among them. A writer that got no answer tries again, and may so make an entry once
// more that was deleted in between; each try has a nonce of its own, so that nobody takes
// the second for the first that it knows. Of a snapshot nobody could tell: it is tried once.
#include "store/catalog.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <random>
#include <utility>

#include "base/log.h"

namespace clew::store {
namespace {

constexpr std::string_view kPrefix = "catalog/0/";
constexpr std::string_view kSnapshot = ".snapshot";
constexpr std::string_view kTrimmed = "catalog/0/trimmed";  // there before any entry goes
constexpr int kMaxAttempts = 64;  // of commits and of reads that others disturb
constexpr size_t kMaxPuts = 3;    // of one object, when it is not known whether it was made

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

base::Error Missing(uint64_t number) {
  return {base::ErrorCode::kCorruption,
          KeyOf(number) +
              " is missing, and so is a snapshot behind it, while later entries of the catalog are "
              "there; bring it back from a backup"};
}

bool IsAbsent(const base::Error& error) {
  return error.code == base::ErrorCode::kNotFound;
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
  return chain_.state;
}

base::Result<std::shared_ptr<const CatalogState>> Catalog::Refresh() {
  const base::MutexLock lock(mutex_);
  TRY(ReadOn());
  return chain_.state;
}

// --- Reading ---

// Others may write a snapshot and delete entries meanwhile: then it starts again.
base::Status Catalog::Load() {
  uint64_t missing = 0;  // in all attempts so far; 0: not one
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    Chain chain;
    const bool whole = TRY(LoadOnce(chain));
    missing = attempt == 0 || chain.missing == missing ? chain.missing : 0;
    if (!whole || chain.next < chain_.next) continue;
    chain_ = std::move(chain);
    return {};
  }
  // Whoever makes and deletes entries while others read them is further on by now.
  if (missing > 0) return Missing(missing);
  return base::Error{base::ErrorCode::kUnavailable,
                     "the catalog changes faster than it can be read"};
}

// False when something was deleted meanwhile.
base::Result<bool> Catalog::LoadOnce(Chain& chain) {
  uint64_t last = 0;
  for (const std::string& key : TRY(objects_.List(kPrefix))) {
    const std::optional<Listed> listed = ParseKey(key);
    if (!listed) continue;
    if (listed->snapshot) chain.snapshot = std::max(chain.snapshot, listed->number);
    last = std::max(last, listed->number);
  }
  if (chain.snapshot > 0) {
    const std::string key = SnapshotKeyOf(chain.snapshot);
    const auto bytes = objects_.GetAll(key);
    if (!bytes.ok() && IsAbsent(bytes.error())) return false;
    if (!bytes.ok()) return bytes.error();
    auto state = std::make_shared<CatalogState>();
    state->Apply(TRY(Decode(key, bytes.value())));
    chain.state = std::move(state);
    chain.snapshot_bytes = bytes.value().size();
    chain.next = chain.snapshot + 1;
  }
  TRY(ReadEntries(chain));
  if (chain.next <= last) {
    chain.missing = chain.next;
    return false;
  }
  return StartsAt(chain.snapshot);
}

// True when the chain can still be read from that snapshot, or from its first entry, so
// that nothing behind is deleted.
base::Result<bool> Catalog::StartsAt(uint64_t snapshot) {
  const std::string key = snapshot > 0 ? SnapshotKeyOf(snapshot) : std::string(kTrimmed);
  const auto size = objects_.SizeOf(key);
  if (!size.ok() && !IsAbsent(size.error())) return size.error();
  return size.ok() == (snapshot > 0);
}

base::Status Catalog::ReadEntries(Chain& chain) {
  std::shared_ptr<CatalogState> state;  // Readers keep the one they have.
  while (true) {
    const std::string key = KeyOf(chain.next);
    const auto bytes = objects_.GetAll(key);
    if (!bytes.ok() && IsAbsent(bytes.error())) break;
    if (!bytes.ok()) return bytes.error();
    if (state == nullptr) state = std::make_shared<CatalogState>(*chain.state);
    state->Apply(TRY(Decode(key, bytes.value())));
    chain.tail_bytes += bytes.value().size();
    ++chain.next;
  }
  if (state != nullptr) chain.state = std::move(state);
  return {};
}

// Reads what others added.
base::Status Catalog::ReadOn() {
  Chain chain = chain_;
  TRY(ReadEntries(chain));
  const bool whole = TRY(IsWhole(chain_));
  if (!whole) return Load();
  chain_ = std::move(chain);
  return {};
}

// True when the last entry of the chain is still there: the one behind it was then never
// deleted, nor was any after it.
base::Result<bool> Catalog::IsWhole(const Chain& chain) {
  if (chain.next == 1) return StartsAt(0);
  const std::string key = KeyOf(chain.next - 1);
  const auto bytes = objects_.GetAll(key);
  if (!bytes.ok() && IsAbsent(bytes.error())) return false;
  if (!bytes.ok()) return bytes.error();
  const CatalogEntry entry = TRY(Decode(key, bytes.value()));
  return entry.nonce == chain.state->last_nonce();
}

// --- Writing ---

// Of one entry.
struct Catalog::Tries {
  std::vector<uint64_t> nonces{};
  uint64_t bytes = 0;  // of the entry
};

// Tries to make the entry of that number, until it is known whether it is.
base::Result<bool> Catalog::MakeEntry(uint64_t number, CatalogEntry& entry, Tries& tries) {
  while (true) {
    entry.nonce = tries.nonces.emplace_back(MakeNonce());
    const std::string bytes = EncodeCatalogEntry(entry);
    tries.bytes = bytes.size();
    auto made = objects_.PutIfAbsent(KeyOf(number), bytes);
    if (made.ok() || tries.nonces.size() == kMaxPuts) return made;
  }
}

// False when another entry was first; it has been read then.
base::Result<bool> Catalog::Append(CatalogEntry& entry) {
  const uint64_t number = chain_.next;
  Tries tries;
  const std::vector<uint64_t>& nonces = tries.nonces;
  const auto made = MakeEntry(number, entry, tries);
  const bool first = made.ok() && made.value();
  if (first) {
    const auto whole = IsWhole(chain_);
    if (whole.ok() && whole.value()) {
      Extend(entry, tries.bytes);
      return true;
    }
  }
  // Somebody was first, or it is not known whether a try made the entry.
  const base::Status read = ReadOn();
  const auto& state = chain_.state;
  const auto taken = std::ranges::find_if(
      nonces, [&](uint64_t nonce) { return read.ok() && state->HasTaken(nonce); });
  if (!made.ok() && taken == nonces.end()) return made.error();
  if (!read.ok()) return read.error();
  if (first && taken == nonces.end() && chain_.next - number > CatalogState::kRecentCommits) {
    return base::Error{base::ErrorCode::kUnavailable,
                       "the catalog went on for so long that it is not known whether it has "
                       "taken the commit"};
  }
  // Made where an entry of long ago was deleted: nobody reads it.
  const bool superfluous = taken == nonces.end() || *taken != nonces.back();
  if (first && superfluous) (void)objects_.Delete(KeyOf(number));
  return taken != nonces.end();
}

// By an entry that is known to be the next.
void Catalog::Extend(const CatalogEntry& entry, uint64_t bytes) {
  auto state = std::make_shared<CatalogState>(*chain_.state);
  state->Apply(entry);
  chain_.state = std::move(state);
  chain_.tail_bytes += bytes;
  ++chain_.next;
}

base::Status Catalog::Commit(CatalogEntry entry) {
  entry.node = options_.node;
  entry.epoch = options_.epoch;
  entry.time_unix_nano = clock_.UnixNanos();
  const base::MutexLock lock(mutex_);
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    TRY(chain_.state->Check(entry));
    const bool made = TRY(Append(entry));
    if (!made) continue;
    if (chain_.tail_bytes > std::max(options_.snapshot_bytes, chain_.snapshot_bytes)) {
      WriteSnapshot();
    }
    return {};
  }
  return base::Error{base::ErrorCode::kUnavailable, "others commit too fast; try again"};
}

// A snapshot only saves time, so its failure is no failure of the commit.
void Catalog::WriteSnapshot() {
  const uint64_t number = chain_.next - 1;
  const std::string bytes = EncodeCatalogEntry(chain_.state->Snapshot());
  const auto made = objects_.PutIfAbsent(SnapshotKeyOf(number), bytes);
  if (!made.ok()) {
    base::LogWarning("no snapshot of the catalog was written: " + made.error().message);
    return;
  }
  // A reader that found the last snapshot still finds what stands behind it.
  DeleteUpTo(chain_.snapshot);
  chain_.snapshot = number;
  chain_.snapshot_bytes = bytes.size();
  chain_.tail_bytes = 0;
}

// The snapshots before a number first, then the entries up to it, each after the one
// before it; what follows a failure is left for the next time.
void Catalog::DeleteUpTo(uint64_t number) {
  if (number == 0) return;
  const auto listed = objects_.List(kPrefix);
  if (!listed.ok() || !objects_.PutIfAbsent(kTrimmed, "").ok()) return;
  for (const bool snapshots : {true, false}) {
    for (const std::string& key : listed.value()) {
      const std::optional<Listed> old = ParseKey(key);
      if (!old || old->snapshot != snapshots) continue;
      if (snapshots ? old->number >= number : old->number > number) continue;
      if (!objects_.Delete(key).ok()) return;
    }
  }
}

}  // namespace clew::store
