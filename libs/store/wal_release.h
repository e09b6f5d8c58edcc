// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/storage.h"
#include "store/retry_window.h"

namespace clew::store {

// Deletes segments whose records are all in blocks. The retry window, which a start
// makes again from the log, is written to <wal>/retries first. Not thread-safe.
class WalRelease {
 public:
  // `segments` are those that were there at the start.
  WalRelease(base::Storage& storage, std::string directory, const std::vector<uint32_t>& segments)
      : storage_(storage),
        directory_(std::move(directory)),
        oldest_(segments.empty() ? 0 : segments.front()) {}

  // True when there may be a segment before `keep`.
  bool Frees(uint32_t keep) const { return oldest_ < keep; }
  // Deletes the segments before `keep`. After an error they go with a later call.
  base::Status Release(uint32_t keep, std::string_view encoded_retries);

 private:
  base::Storage& storage_;
  const std::string directory_;
  uint32_t oldest_;  // no segment is before it
};

// What was written there last; empty when there is nothing. Damage is logged: at worst
// a retried body is stored twice.
base::Result<RetryWindow> ReadRetries(base::Storage& storage, const std::string& wal_directory);

}  // namespace clew::store
