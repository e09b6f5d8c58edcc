// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/storage.h"
#include "store/wal_format.h"

namespace clew::store {

// "00000000000000000007.wal"
std::string SegmentName(uint32_t segment);

// Appends records to segments of one directory. Append is for one thread at a
// time and waits for no disk; what it has not made durable is synced beside it.
class WalWriter {
 public:
  struct Options {
    std::string directory;
    uint64_t node = 0;
    uint64_t epoch = 0;
    uint32_t first_segment = 1;
    uint64_t segment_bytes = kSegmentBytes;
  };
  WalWriter(base::Storage& storage, Options options);

  // Writes the record (its lsn and epoch are filled in here) and returns where it
  // lies; durable once what TakeUnsynced then gives has been synced. After an error
  // nothing of it counts: the next append goes to the same place.
  base::Result<Lsn> Append(WalRecord record);

  // The files with bytes that no sync covers yet, each once, and whether one of them is new.
  struct Unsynced {
    std::vector<std::shared_ptr<base::File>> files{};
    bool new_segment = false;
    // Beside Append, on any thread; with the storage and folder of the writer.
    base::Status Sync(base::Storage& storage, const std::string& directory) const;
  };
  Unsynced TakeUnsynced();

  // The next record begins a segment.
  void EndSegment();
  // No record still to come lies in a segment before this one.
  uint32_t next_segment() const { return ended_ ? segment_ + 1 : segment_; }
  uint64_t appended_bytes() const { return appended_bytes_; }
  // From the record at `lsn` to the end of the log, segments before the last one taken as full.
  uint64_t BytesSince(uint64_t lsn) const;

 private:
  base::Status OpenSegment(size_t record_bytes);

  base::Storage& storage_;
  const Options options_;
  std::shared_ptr<base::File> file_;  // null: the next record begins a segment
  bool ended_ = false;
  uint32_t segment_;  // the last that was made
  uint64_t offset_ = 0;
  uint64_t segment_size_ = 0;
  bool unsynced_ = false;  // of file_
  Unsynced full_;          // the segments before it
  uint64_t appended_bytes_ = 0;
};

}  // namespace clew::store
