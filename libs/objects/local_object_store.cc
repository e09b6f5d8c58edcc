// SPDX-License-Identifier: Apache-2.0
#include "objects/local_object_store.h"

#include <algorithm>
#include <utility>

#include "objects/object_key.h"

namespace clew::objects {
namespace {

using base::Storage;

constexpr std::string_view kUploads = "/uploads";
constexpr int kLooks = 32;
constexpr size_t kCopyBytes = size_t{1} << 20;
constexpr int kLinkAttempts = 8;

std::string PathIn(const std::string& folder, std::string_view name) {
  std::string path = folder;
  path += '/';
  path += name;
  return path;
}

std::string ParentOf(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

}  // namespace

class LocalObjectStore::Upload final : public ObjectUpload {
 public:
  Upload(LocalObjectStore& store, std::string temporary, std::string path,
         std::unique_ptr<base::File> file)
      : store_(store),
        temporary_(std::move(temporary)),
        path_(std::move(path)),
        file_(std::move(file)) {}

  ~Upload() override {
    file_.reset();
    // What cannot be removed now goes when the store is opened again.
    if (!owes_) (void)store_.storage_.Remove(temporary_);
  }

  base::Status Append(std::string_view bytes) override {
    TRY(file_->Write(size_, bytes));
    size_ += bytes.size();
    return {};
  }

  base::Status Commit() override {
    const bool made = TRY(CommitIfAbsent());
    if (made) return {};
    return base::Error{base::ErrorCode::kInvalidArgument, path_ + " exists already"};
  }

  base::Result<bool> CommitIfAbsent() {
    TRY(file_->Sync());
    const bool made = TRY(Link());
    if (!made) {
      TRY(store_.SyncOwed(path_));
      return false;
    }
    base::Status synced = store_.SyncParents(path_);
    if (synced.ok()) return true;
    owes_ = true;
    store_.NoteOwed(path_, temporary_);
    return std::move(synced).error();
  }

 private:
  // Whoever deletes a neighbour may remove the folder before something is in it.
  base::Result<bool> Link() {
    const std::string folder = ParentOf(path_);
    for (int attempt = 1;; ++attempt) {
      const base::Status made = store_.storage_.MakeDirectories(folder);
      auto linked = made.ok() ? store_.storage_.LinkIfAbsent(temporary_, path_)
                              : base::Result<bool>(made.error());
      const bool disturbed = !linked.ok() && !store_.storage_.Exists(folder);
      if (linked.ok() || !disturbed || attempt == kLinkAttempts) {
        if (!linked.ok()) store_.RemoveFoldersUpFrom(folder);
        return linked;
      }
    }
  }

  LocalObjectStore& store_;
  const std::string temporary_, path_;
  std::unique_ptr<base::File> file_;
  uint64_t size_ = 0;
  bool owes_ = false;  // linked, and not known to be durable
};

std::unique_ptr<LocalObjectStore> LocalObjectStore::OpenToRead(Storage& storage,
                                                               std::string directory) {
  return std::unique_ptr<LocalObjectStore>(new LocalObjectStore(storage, std::move(directory)));
}

base::Result<std::unique_ptr<LocalObjectStore>> LocalObjectStore::Open(Storage& storage,
                                                                       std::string directory) {
  auto store = OpenToRead(storage, std::move(directory));
  TRY(storage.MakeDirectories(store->directory_ + std::string(kUploads)));
  TRY(store->RemoveUploads());
  return store;
}

// An upload that did not end may have been linked and not synced.
base::Status LocalObjectStore::RemoveUploads() {
  const std::string uploads = directory_ + std::string(kUploads);
  const std::vector<base::DirectoryEntry> left = TRY(storage_.List(uploads));
  if (!left.empty()) TRY(SyncBelow(directory_));
  for (const base::DirectoryEntry& entry : left) TRY(storage_.Remove(PathIn(uploads, entry.name)));
  return {};
}

base::Status LocalObjectStore::SyncBelow(const std::string& path) {
  for (const base::DirectoryEntry& entry : TRY(storage_.List(path))) {
    if (entry.is_directory) TRY(SyncBelow(PathIn(path, entry.name)));
  }
  return storage_.SyncDirectory(path);
}

void LocalObjectStore::NoteOwed(const std::string& path, const std::string& temporary) {
  const base::MutexLock lock(mutex_);
  owed_[path] = temporary;
}

void LocalObjectStore::ForgetOwed(const std::string& path) {
  const base::MutexLock lock(mutex_);
  const auto owed = owed_.find(path);
  if (owed == owed_.end()) return;
  (void)storage_.Remove(owed->second);
  owed_.erase(owed);
}

base::Status LocalObjectStore::SyncOwed(const std::string& path) {
  const base::MutexLock lock(mutex_);
  const auto owed = owed_.find(path);
  if (owed == owed_.end()) return {};
  TRY(SyncParents(path));
  (void)storage_.Remove(owed->second);
  owed_.erase(owed);
  return {};
}

base::Result<std::string> LocalObjectStore::PathOf(std::string_view key) const {
  TRY(CheckKey(key));
  return directory_ + "/" + std::string(key);
}

// What is deleted and made again beside us is there at the next look, or the one after.
base::Result<std::unique_ptr<base::File>> LocalObjectStore::OpenObject(std::string_view key) {
  const std::string path = TRY(PathOf(key));
  for (int look = 1;; ++look) {
    if (!storage_.Exists(path)) {
      return base::Error{base::ErrorCode::kNotFound, path + " does not exist"};
    }
    TRY(SyncOwed(path));
    auto file = storage_.Open(path, Storage::Mode::kRead);
    if (file.ok() || (look == kLooks && storage_.Exists(path))) return file;
  }
}

base::Result<std::string> LocalObjectStore::Get(std::string_view key, uint64_t offset,
                                                uint64_t size) {
  const std::string path = TRY(PathOf(key));
  const OpenFiles::File file = TRY(open_files_.Get(path, [&] { return OpenObject(key); }));
  std::string bytes = TRY(file->Read(offset, size));
  if (bytes.size() == size) return bytes;
  return base::Error{
      base::ErrorCode::kCorruption,
      directory_ + "/" + std::string(key) + " ends before byte " + std::to_string(offset + size)};
}

base::Result<std::string> LocalObjectStore::GetAll(std::string_view key) {
  const std::unique_ptr<base::File> file = TRY(OpenObject(key));
  const uint64_t size = TRY(file->Size());
  return file->Read(0, size);
}

base::Result<uint64_t> LocalObjectStore::SizeOf(std::string_view key) {
  const std::unique_ptr<base::File> file = TRY(OpenObject(key));
  return file->Size();
}

base::Result<std::unique_ptr<LocalObjectStore::Upload>> LocalObjectStore::Begin(
    std::string_view key) {
  std::string path = TRY(PathOf(key));
  std::string temporary =
      directory_ + std::string(kUploads) + "/" + std::to_string(uploads_.fetch_add(1));
  std::unique_ptr<base::File> file = TRY(storage_.Open(temporary, Storage::Mode::kCreate));
  return std::make_unique<Upload>(*this, std::move(temporary), std::move(path), std::move(file));
}

base::Result<std::unique_ptr<ObjectUpload>> LocalObjectStore::BeginUpload(std::string_view key) {
  std::unique_ptr<Upload> upload = TRY(Begin(key));
  return std::unique_ptr<ObjectUpload>(std::move(upload));
}

base::Status LocalObjectStore::Put(std::string_view key, std::string_view bytes) {
  const std::unique_ptr<Upload> upload = TRY(Begin(key));
  TRY(upload->Append(bytes));
  return upload->Commit();
}

base::Result<bool> LocalObjectStore::PutIfAbsent(std::string_view key, std::string_view bytes) {
  const std::unique_ptr<Upload> upload = TRY(Begin(key));
  TRY(upload->Append(bytes));
  return upload->CommitIfAbsent();
}

base::Status LocalObjectStore::TakeFrom(LocalObjectStore& other, std::string_view key) {
  const std::string from = TRY(other.PathOf(key));
  const std::string to = TRY(PathOf(key));
  if (storage_.Exists(to)) return {};
  const std::unique_ptr<base::File> file = TRY(other.OpenObject(key));
  TRY(storage_.MakeDirectories(ParentOf(to)));
  if (storage_.LinkIfAbsent(from, to).ok()) return SyncParents(to);
  // Another file system, or one without links.
  const std::unique_ptr<Upload> copy = TRY(Begin(key));
  for (uint64_t offset = 0;;) {
    const std::string bytes = TRY(file->Read(offset, kCopyBytes));
    if (bytes.empty()) break;
    TRY(copy->Append(bytes));
    offset += bytes.size();
  }
  return copy->Commit();
}

// What is in a folder of the store, nothing when it is deleted meanwhile; as above.
base::Result<std::vector<base::DirectoryEntry>> LocalObjectStore::EntriesOf(
    const std::string& path) {
  for (int look = 1;; ++look) {
    auto entries = storage_.List(path);
    if (entries.ok()) return entries;
    if (!storage_.Exists(path) && path != directory_) return std::vector<base::DirectoryEntry>();
    if (look == kLooks) return entries;
  }
}

base::Status LocalObjectStore::ListBelow(const std::string& folder, std::string_view prefix,
                                         std::vector<std::string>& keys) {
  const std::string path = folder.empty() ? directory_ : directory_ + "/" + folder;
  for (const base::DirectoryEntry& entry : TRY(EntriesOf(path))) {
    std::string key = folder.empty() ? entry.name : PathIn(folder, entry.name);
    // Only what begins with the prefix, or leads to it, is looked at.
    const size_t common = std::min(key.size(), prefix.size());
    if (key.compare(0, common, prefix.substr(0, common)) != 0) continue;
    if (entry.is_directory) {
      TRY(ListBelow(key, prefix, keys));
    } else if (key.starts_with(prefix)) {
      keys.push_back(std::move(key));
    }
  }
  return {};
}

base::Result<std::vector<std::string>> LocalObjectStore::List(std::string_view prefix) {
  std::vector<std::string> keys;
  TRY(ListBelow("", prefix, keys));
  std::ranges::sort(keys);
  return keys;
}

base::Status LocalObjectStore::Delete(std::string_view key) {
  const std::string path = TRY(PathOf(key));
  if (!storage_.Exists(path)) return {};
  base::Status removed = storage_.Remove(path);
  if (!removed.ok() && storage_.Exists(path)) return removed;
  open_files_.Forget(path);
  ForgetOwed(path);
  RemoveFoldersUpFrom(ParentOf(path));
  return {};
}

// Those that are empty now; one that is not stays, and so do those above it.
void LocalObjectStore::RemoveFoldersUpFrom(std::string folder) {
  for (; folder.size() > directory_.size(); folder = ParentOf(folder)) {
    const auto names = storage_.List(folder);
    if (!names.ok() || !names.value().empty() || !storage_.Remove(folder).ok()) break;
  }
}

base::Status LocalObjectStore::RemoveEmptyFolders(const std::string& folder) {
  const std::string path = PathIn(directory_, folder);
  if (storage_.Exists(path)) (void)TRY(RemoveEmptyFoldersIn(path));
  return {};
}

// True when nothing was left in the folder and it was removed too.
base::Result<bool> LocalObjectStore::RemoveEmptyFoldersIn(const std::string& path) {
  bool empty = true;
  for (const base::DirectoryEntry& entry : TRY(storage_.List(path))) {
    const bool gone =
        entry.is_directory ? TRY(RemoveEmptyFoldersIn(PathIn(path, entry.name))) : false;
    empty = empty && gone;
  }
  if (empty) TRY(storage_.Remove(path));
  return empty;
}

base::Status LocalObjectStore::SyncParents(const std::string& path) {
  for (std::string folder = ParentOf(path);; folder = ParentOf(folder)) {
    TRY(storage_.SyncDirectory(folder));
    if (folder.size() <= directory_.size()) return {};
  }
}

}  // namespace clew::objects
