// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "base/mutex.h"
#include "base/result.h"
#include "store/wal_format.h"

namespace clew::store {

// A record of the log that was read, verified and decompressed. Its views are of nothing: the
// tenant and the body stand beside it.
struct ReplayedRecord {
  WalRecord record;
  std::string tenant;
  base::Result<std::string> plain;
  bool flushed = false;  // its spans are in a block
};

// Hands records from the thread that reads the log to the one that scans them, in order.
// Whoever is ahead waits: up to 4 MiB of bodies are in between, or one that is larger.
class ReplayQueue {
 public:
  void Push(ReplayedRecord record) {
    const size_t bytes = BytesOf(record);
    const base::MutexLock lock(mutex_);
    while (!records_.empty() && bytes_ + bytes > kLimitBytes) changed_.Wait(mutex_);
    bytes_ += bytes;
    records_.push_back(std::move(record));
    changed_.NotifyAll();
  }

  // None: the queue is closed, and empty.
  std::optional<ReplayedRecord> Pop() {
    const base::MutexLock lock(mutex_);
    while (records_.empty() && !closed_) changed_.Wait(mutex_);
    if (records_.empty()) return std::nullopt;
    std::optional<ReplayedRecord> record(std::move(records_.front()));
    records_.pop_front();
    bytes_ -= BytesOf(*record);
    changed_.NotifyAll();
    return record;
  }

  void Close() {
    const base::MutexLock lock(mutex_);
    closed_ = true;
    changed_.NotifyAll();
  }

 private:
  static constexpr size_t kLimitBytes = size_t{4} << 20;
  static size_t BytesOf(const ReplayedRecord& record) {
    return sizeof record + (record.plain.ok() ? record.plain.value().size() : 0);
  }

  base::Mutex mutex_;
  base::CondVar changed_;
  std::deque<ReplayedRecord> records_ GUARDED_BY(mutex_);
  size_t bytes_ GUARDED_BY(mutex_) = 0;
  bool closed_ GUARDED_BY(mutex_) = false;
};

}  // namespace clew::store
