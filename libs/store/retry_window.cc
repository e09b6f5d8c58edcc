// SPDX-License-Identifier: Apache-2.0
#include "store/retry_window.h"

namespace clew::store {

std::optional<uint64_t> RetryWindow::Find(std::string_view tenant, const base::Hash128& hash,
                                          int64_t now_unix_nano) {
  while (!by_time_.empty() && by_time_.front().first < now_unix_nano - kWindowNanos) {
    const auto& [received, key] = by_time_.front();
    const auto entry = entries_.find(key);
    if (entry != entries_.end() && entry->second.received_unix_nano == received) {
      entries_.erase(entry);
    }
    by_time_.pop_front();
  }
  const auto entry = entries_.find({std::string(tenant), hash});
  return entry == entries_.end() ? std::nullopt : std::optional(entry->second.lsn);
}

void RetryWindow::Add(std::string_view tenant, const base::Hash128& hash,
                      int64_t received_unix_nano, uint64_t lsn) {
  if (entries_.size() >= kMaxRetryEntries) {
    entries_.erase(by_time_.front().second);
    by_time_.pop_front();
  }
  Key key(std::string(tenant), hash);
  entries_[key] = {received_unix_nano, lsn};
  by_time_.emplace_back(received_unix_nano, std::move(key));
}

}  // namespace clew::store
