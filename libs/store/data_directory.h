// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/storage.h"

namespace clew::store {

// What a data directory says of itself in store.json, and the lock on it.
struct DataDirectory {
  std::unique_ptr<base::File> lock;
  uint64_t node = 0;
  uint64_t epoch = 0;              // of this run; one more than that of the last
  std::vector<uint32_t> segments;  // of the write-ahead log, ascending
};

// Makes or opens the directory, locks it and begins a new epoch. kUnavailable
// names the process that has the lock; kUnsupported a format that is newer.
base::Result<DataDirectory> OpenDataDirectory(base::Storage& storage, const std::string& path);

// For those who only look at it, whether a process has the lock or not: `lock` is null and
// nothing is made. Errors as those of the storage.
base::Result<DataDirectory> LookAtDataDirectory(base::Storage& storage, const std::string& path);

}  // namespace clew::store
