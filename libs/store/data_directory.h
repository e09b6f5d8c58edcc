// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "base/result.h"
#include "base/storage.h"

namespace clew::store {

// The epoch of a run. Nothing may be written in its name before it is durable, and nothing has to
// be before there is something to write: so a start needs no room on the disk. Thread-safe.
class Epoch {
 public:
  // `storage` outlives it.
  Epoch(base::Storage& storage, std::string directory, uint64_t node, uint64_t number)
      : storage_(storage), directory_(std::move(directory)), node_(node), number_(number) {}

  // Makes it durable if it is not.
  base::Status Begin();

 private:
  base::Storage& storage_;
  const std::string directory_;
  const uint64_t node_, number_;
  base::Mutex mutex_;
  bool durable_ GUARDED_BY(mutex_) = false;
};

// What a data directory says of itself in store.json, and the lock on it.
struct DataDirectory {
  std::unique_ptr<base::File> lock;
  uint64_t node = 0;
  uint64_t epoch = 0;              // of this run; one more than that of the last
  std::unique_ptr<Epoch> begins;   // the same
  std::vector<uint32_t> segments;  // of the write-ahead log, ascending
};

// Makes or opens the directory, locks it and begins a new epoch; in a directory that is there that
// may wait for room on the disk. kUnavailable
// names the process that has the lock; kUnsupported a format that is newer, or another number of
// shards.
base::Result<DataDirectory> OpenDataDirectory(base::Storage& storage, const std::string& path);

// For those who only look at it, whether a process has the lock or not: `lock` is null and
// nothing is made. Errors as those of the storage.
base::Result<DataDirectory> LookAtDataDirectory(base::Storage& storage, const std::string& path);

}  // namespace clew::store
