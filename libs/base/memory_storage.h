// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "base/storage.h"

namespace clew::base {

// For tests: files in memory that keep, as POSIX promises and not more, what a power
// cut leaves. The bytes of a file last once its Sync returns, its names once the
// SyncDirectory of the directory they are in does; a directory is a name like others.
// Relative paths begin at the root. Thread-safe.
class MemoryStorage final : public Storage {
 public:
  MemoryStorage();
  ~MemoryStorage() override;

  // What a machine finds that lost its power now: a storage of its own, nothing of it
  // open or locked. Nothing is left of what was not synced; or, with a seed, any part
  // of it is: names one by one, bytes sector by sector.
  std::unique_ptr<MemoryStorage> AfterPowerCut(std::optional<uint64_t> seed = std::nullopt) const;

  // The paths of all files, sorted; of directories, which end in '/', only those with
  // nothing in them.
  std::vector<std::string> Paths() const;

  Result<std::unique_ptr<File>> Open(const std::string& path, Mode mode) override;
  Status MakeDirectories(const std::string& path) override;
  Result<std::vector<DirectoryEntry>> List(const std::string& directory) override;
  Status Remove(const std::string& path) override;
  Status Rename(const std::string& from, const std::string& to) override;
  Result<bool> LinkIfAbsent(const std::string& from, const std::string& to) override;
  Status SyncDirectory(const std::string& path) override;
  bool Exists(const std::string& path) override;
  Result<std::unique_ptr<File>> Lock(const std::string& path) override;

 private:
  struct Node;
  class OpenFile;
  class PowerCut;
  // A name in a directory that is there.
  struct Place {
    std::shared_ptr<Node> directory;
    std::string name;
    std::shared_ptr<Node> node;  // null: no such name
  };

  std::shared_ptr<Node> Find(const std::string& path) const REQUIRES_LOCK(mutex_);
  Result<Place> FindPlace(const std::string& path) const REQUIRES_LOCK(mutex_);

  mutable Mutex mutex_;
  std::shared_ptr<Node> root_ GUARDED_BY(mutex_);  // and all below it
};

}  // namespace clew::base
