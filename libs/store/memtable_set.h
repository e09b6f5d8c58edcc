// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "store/memtable.h"
#include "store/wal_format.h"

namespace clew::store {

// A memtable that takes no more bodies and waits to become a block.
struct SealedMemtable {
  std::string tenant;
  std::shared_ptr<Memtable> memtable;
  LsnRange lsns;
  uint32_t rows = 0;
  uint64_t size_bytes = 0;

  // All of it is durable and visible.
  bool settled() const { return memtable->published_rows() == rows; }
};

using SealedMemtables = std::vector<std::shared_ptr<const SealedMemtable>>;

// The memtables of all tenants, and when they are sealed. A block costs the same whether it
// holds ten spans or ten thousand, so a tenant that sends little keeps its memtable for long:
// - one at `seal_bytes`;
// - when the open ones together are over `budget_bytes`, the largest, if it is worth a block of its
//   own: not with each megabyte that one tenant sends while small ones fill the budget;
// - over `small_budget_bytes`, small ones too: the largest, and so many that it is a while
//   until the next time, and that many blocks share a commit;
// - and those that hold back too much of the log, together likewise.
// Not thread-safe.
class MemtableSet {
 public:
  // Of memory, as Memtable::size_bytes counts it.
  struct Limits {
    uint64_t seal_bytes = uint64_t{64} << 20;
    uint64_t budget_bytes = uint64_t{128} << 20;
    uint64_t small_budget_bytes = uint64_t{192} << 20;
  };
  explicit MemtableSet(Limits limits) : limits_(limits) {}

  // The open memtable of a tenant, made when there is none.
  const std::shared_ptr<Memtable>& OpenOf(std::string_view tenant);
  // After a record was scanned into the open memtable of the tenant: counts its memory
  // and seals what is due. True when something was sealed.
  bool NoteAppended(std::string_view tenant, uint64_t lsn);

  void SealAll();
  // Seals the open memtables that hold a record before `lsn`. True when there was one.
  bool SealBefore(uint64_t lsn);

  // Sealed memtables that are settled, to be committed together: the oldest, and those behind
  // it as long as they are small.
  SealedMemtables NextToFlush() const;
  bool has_sealed() const { return !sealed_.empty(); }
  void Remove(const SealedMemtable& sealed);

  // The tenant's memtables, oldest first.
  std::vector<std::shared_ptr<const Memtable>> Of(std::string_view tenant) const;
  uint64_t size_bytes() const { return open_bytes_ + sealed_bytes_; }
  size_t open_count() const { return open_by_first_.size(); }  // of those that hold something
  size_t sealed_count() const { return sealed_.size(); }
  // The first record that is in no block yet; nullopt when there is none.
  std::optional<uint64_t> FirstLsn() const;
  // The same, and whose it is.
  struct FirstRecord {
    uint64_t lsn = 0;
    std::string tenant;
  };
  std::optional<FirstRecord> First() const;

 private:
  struct Open {
    std::shared_ptr<Memtable> memtable = std::make_shared<Memtable>();
    LsnRange lsns;
    uint64_t size_bytes = 0;
    bool empty() const { return lsns.last == 0; }
  };
  using OpenMemtables = std::map<std::string, Open, std::less<>>;
  void NoteSize(Open& open);
  // The size, of what is worth a block of its own; else 0.
  uint64_t LargeBytes(uint64_t size) const;
  bool SealForRoom();
  // Seals the largest until the open ones have so many bytes.
  void SealDownTo(uint64_t bytes);
  void Seal(OpenMemtables::iterator open);

  const Limits limits_;
  OpenMemtables open_;
  std::map<uint64_t, std::string_view> open_by_first_;        // tenants by their first record
  std::deque<std::shared_ptr<const SealedMemtable>> sealed_;  // in the order of sealing
  std::set<uint64_t> sealed_firsts_;                          // their first records
  uint64_t open_bytes_ = 0, sealed_bytes_ = 0;
  uint64_t large_bytes_ = 0;  // of the open ones that are worth a block of their own
};

}  // namespace clew::store
