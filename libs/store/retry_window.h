// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "base/hash.h"
#include "base/result.h"

namespace clew::store {

// The bodies of the last ten minutes, by tenant and hash: one that comes again
// is a client's retry. At most kMaxRetryEntries are remembered. Not thread-safe.
class RetryWindow {
 public:
  static constexpr int64_t kWindowNanos = int64_t{600} * 1'000'000'000;
  static constexpr size_t kMaxRetryEntries = 500'000;

  RetryWindow() = default;
  RetryWindow(RetryWindow&&) = default;
  RetryWindow& operator=(RetryWindow&&) = default;

  // The LSN of the same body inside the window that ends at `now`.
  std::optional<uint64_t> Find(std::string_view tenant, const base::Hash128& hash,
                               int64_t now_unix_nano);
  void Add(std::string_view tenant, const base::Hash128& hash, int64_t received_unix_nano,
           uint64_t lsn);

  // The window as bytes, for when the log that it could be made of again is deleted;
  // docs/format/wal.md draws them.
  std::string Encode() const;
  // Adds what was encoded; kCorruption, and nothing is added, when it is damaged.
  base::Status Restore(std::string_view encoded);

 private:
  // How many entries each tenant has.
  using Tenants = std::map<std::string, size_t, std::less<>>;
  struct Entry {
    int64_t received_unix_nano;
    uint64_t lsn;
    base::Hash128 hash;
    const Tenants::value_type* tenant;
  };
  struct HashOfKey {
    using is_transparent = void;
    size_t operator()(const Entry* entry) const {
      return entry->hash.low ^ std::hash<const void*>()(entry->tenant);
    }
  };
  struct SameKey {
    using is_transparent = void;
    bool operator()(const Entry* a, const Entry* b) const {
      return a->hash == b->hash && a->tenant == b->tenant;
    }
  };
  void DropOldest();

  Tenants tenants_;
  std::deque<Entry> by_time_;  // in the order they came; they never move
  // The last of each body of a tenant.
  std::unordered_set<Entry*, HashOfKey, SameKey> last_;
};

}  // namespace clew::store
