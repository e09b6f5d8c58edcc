// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/mutex.h"
#include "base/result.h"
#include "store/wal_format.h"
#include "wire/recorded_spans.h"

namespace clew::store {

// A record of the log that was read, verified, decompressed and scanned. Its views are of nothing:
// the tenant and the body stand beside it. It stays where it was made, because what was scanned
// refers to the body.
struct ReplayedRecord {
  WalRecord record;
  std::string tenant;
  std::string plain;
  std::optional<wire::RecordedSpans> spans{};  // none: it is large, and scanned when it is taken
  base::Status read{};                         // why it cannot be
  bool flushed = false;                        // its spans are in a block
};

// Hands records from the thread that reads the log to the one that takes them into memtables, in
// order. Whoever is ahead waits: up to 8 MiB of bodies and what was scanned of them are in
// between, or one that is larger.
class ReplayQueue {
 public:
  void Push(std::unique_ptr<ReplayedRecord> record) {
    const size_t bytes = BytesOf(*record);
    const base::MutexLock lock(mutex_);
    while (!records_.empty() && bytes_ + bytes > kLimitBytes) changed_.Wait(mutex_);
    bytes_ += bytes;
    records_.push_back(std::move(record));
    changed_.NotifyAll();
  }

  // Null: the queue is closed, and empty.
  std::unique_ptr<ReplayedRecord> Pop() {
    const base::MutexLock lock(mutex_);
    while (records_.empty() && !closed_) changed_.Wait(mutex_);
    if (records_.empty()) return nullptr;
    std::unique_ptr<ReplayedRecord> record = std::move(records_.front());
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
  static constexpr size_t kLimitBytes = size_t{8} << 20;
  static size_t BytesOf(const ReplayedRecord& record) {
    return sizeof record + record.plain.size() + (record.spans ? record.spans->size_bytes() : 0);
  }

  base::Mutex mutex_;
  base::CondVar changed_;
  std::deque<std::unique_ptr<ReplayedRecord>> records_ GUARDED_BY(mutex_);
  size_t bytes_ GUARDED_BY(mutex_) = 0;
  bool closed_ GUARDED_BY(mutex_) = false;
};

}  // namespace clew::store
