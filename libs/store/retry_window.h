// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/hash.h"
#include "base/result.h"

namespace clew::store {

// The bodies of the last ten minutes, by tenant and hash: one that comes again
// is a client's retry. At most kMaxRetryEntries are remembered. Not thread-safe.
class RetryWindow {
 public:
  static constexpr int64_t kWindowNanos = int64_t{600} * 1'000'000'000;
  static constexpr size_t kMaxRetryEntries = 500'000;

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
  using Key = std::pair<std::string, base::Hash128>;
  struct Entry {
    int64_t received_unix_nano;
    uint64_t lsn;
  };
  void DropOldest();

  std::map<Key, Entry> entries_;
  std::deque<std::pair<int64_t, Key>> by_time_;
};

}  // namespace clew::store
