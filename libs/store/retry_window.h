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

 private:
  using Key = std::pair<std::string, base::Hash128>;
  struct Entry {
    int64_t received_unix_nano;
    uint64_t lsn;
  };
  std::map<Key, Entry> entries_;
  std::deque<std::pair<int64_t, Key>> by_time_;
};

}  // namespace clew::store
