// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "base/storage.h"
#include "objects/object_store.h"
#include "objects/open_files.h"

namespace clew::objects {

// Objects as files below a directory, under their keys. An object is written in
// <directory>/uploads, synced, then linked to its place, which either happens or does
// not, and the directories on the way are synced. What can be read is durable: where
// the syncing failed, or its process ended before it, it is made up for first. One
// process at a time.
class LocalObjectStore final : public ObjectStore {
 public:
  // Makes the directory and removes what unfinished uploads left. `storage` outlives it.
  static base::Result<std::unique_ptr<LocalObjectStore>> Open(base::Storage& storage,
                                                              std::string directory);
  // To look at a store that another process may be writing: makes and removes nothing.
  // REQUIRES: nothing is put or deleted.
  static std::unique_ptr<LocalObjectStore> OpenToRead(base::Storage& storage,
                                                      std::string directory);

  base::Result<std::string> Get(std::string_view key, uint64_t offset, uint64_t size) override;
  base::Result<std::string> GetAll(std::string_view key) override;
  base::Result<uint64_t> SizeOf(std::string_view key) override;
  base::Status Put(std::string_view key, std::string_view bytes) override;
  base::Result<std::unique_ptr<ObjectUpload>> BeginUpload(std::string_view key) override;
  base::Result<bool> PutIfAbsent(std::string_view key, std::string_view bytes) override;
  // Takes over an object of another store: as a second name of its file where the file
  // system can, else as a copy. One that is there already is left as it is.
  base::Status TakeFrom(LocalObjectStore& other, std::string_view key);
  base::Result<std::vector<std::string>> List(std::string_view prefix) override;
  base::Status Delete(std::string_view key) override;
  // Removes folders below `folder` with nothing in them, which a process left that ended
  // while it put or deleted something. REQUIRES: nothing is put or deleted meanwhile.
  base::Status RemoveEmptyFolders(const std::string& folder);

 private:
  class Upload;
  LocalObjectStore(base::Storage& storage, std::string directory)
      : storage_(storage), directory_(std::move(directory)) {}

  base::Result<std::string> PathOf(std::string_view key) const;
  base::Result<std::unique_ptr<base::File>> OpenObject(std::string_view key);
  base::Result<std::unique_ptr<Upload>> Begin(std::string_view key);
  base::Status RemoveUploads();
  // Syncs every directory below a path.
  base::Status SyncBelow(const std::string& path);
  // What the linking of a path still owes.
  base::Status SyncOwed(const std::string& path);
  void NoteOwed(const std::string& path, const std::string& temporary);
  void ForgetOwed(const std::string& path);
  void RemoveFoldersUpFrom(std::string folder);
  base::Result<std::vector<base::DirectoryEntry>> EntriesOf(const std::string& path);
  base::Status ListBelow(const std::string& folder, std::string_view prefix,
                         std::vector<std::string>& keys);
  base::Result<bool> RemoveEmptyFoldersIn(const std::string& path);
  // Syncs the directories that lead to a path, the store's own included.
  base::Status SyncParents(const std::string& path);

  static constexpr size_t kOpenFiles = 256;

  base::Storage& storage_;
  const std::string directory_;
  OpenFiles open_files_{kOpenFiles};   // that parts were read of
  std::atomic<uint64_t> uploads_ = 0;  // a name for each; nothing depends on their order

  base::Mutex mutex_;
  // Paths that are linked and whose directories are not synced, with their temporary
  // names, which stay to tell the next process.
  std::map<std::string, std::string> owed_ GUARDED_BY(mutex_);
};

}  // namespace clew::objects
