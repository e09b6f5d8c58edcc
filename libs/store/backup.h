// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "base/storage.h"

namespace clew::store {

struct BackupReport {
  uint64_t blocks = 0, spans = 0, bytes = 0;  // that the backup now has
  uint64_t added = 0, removed = 0;            // blocks, by this call
};

// Makes the directory `to` hold the blocks of `from`, a data directory that a server may
// be using, or another backup: as second names of the same files where the file system
// can. A second call brings an older backup up to date. What is in the write-ahead
// log alone is not in it: flush first. A backup has its own catalog, no log and no
// node, so a server that is started on it, or on a backup of it, starts a new epoch.
// Whatever fails, what the catalog of `to` names is whole. kNotFound when `from` has no
// catalog.
base::Result<BackupReport> WriteBackup(base::Storage& storage, base::Clock& clock,
                                       const std::string& from, const std::string& to);

}  // namespace clew::store
