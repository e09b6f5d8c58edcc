// SPDX-License-Identifier: Apache-2.0
#include "objects/local_object_store.h"

#include <algorithm>
#include <utility>

namespace clew::objects {
namespace {

using base::Storage;

constexpr std::string_view kUploads = "/uploads";
constexpr size_t kCopyBytes = size_t{1} << 20;

bool IsKeyPart(std::string_view part) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  return !part.empty() && part != "." && part != ".." && std::ranges::all_of(part, plain);
}

bool IsKey(std::string_view key) {
  while (true) {
    const size_t end = key.find('/');
    if (!IsKeyPart(key.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    key.remove_prefix(end + 1);
  }
}

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
    (void)store_.storage_.Remove(temporary_);
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
    TRY(store_.storage_.MakeDirectories(ParentOf(path_)));
    const bool made = TRY(store_.storage_.LinkIfAbsent(temporary_, path_));
    if (made) TRY(store_.SyncParents(path_));
    return made;
  }

 private:
  LocalObjectStore& store_;
  const std::string temporary_, path_;
  std::unique_ptr<base::File> file_;
  uint64_t size_ = 0;
};

std::unique_ptr<LocalObjectStore> LocalObjectStore::OpenToRead(Storage& storage,
                                                               std::string directory) {
  return std::unique_ptr<LocalObjectStore>(new LocalObjectStore(storage, std::move(directory)));
}

base::Result<std::unique_ptr<LocalObjectStore>> LocalObjectStore::Open(Storage& storage,
                                                                       std::string directory) {
  auto store = OpenToRead(storage, std::move(directory));
  const std::string uploads = store->directory_ + std::string(kUploads);
  TRY(storage.MakeDirectories(uploads));
  for (const std::string& name : TRY(storage.List(uploads))) {
    TRY(storage.Remove(PathIn(uploads, name)));
  }
  return store;
}

base::Result<std::string> LocalObjectStore::PathOf(std::string_view key) const {
  if (IsKey(key)) return directory_ + "/" + std::string(key);
  return base::Error{base::ErrorCode::kInvalidArgument,
                     "not the key of an object: " + std::string(key)};
}

base::Result<std::unique_ptr<base::File>> LocalObjectStore::OpenObject(std::string_view key) {
  const std::string path = TRY(PathOf(key));
  if (!storage_.Exists(path)) {
    return base::Error{base::ErrorCode::kNotFound, path + " does not exist"};
  }
  return storage_.Open(path, Storage::Mode::kRead);
}

base::Result<std::string> LocalObjectStore::Get(std::string_view key, uint64_t offset,
                                                uint64_t size) {
  const std::unique_ptr<base::File> file = TRY(OpenObject(key));
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

base::Status LocalObjectStore::ListBelow(const std::string& folder, std::string_view prefix,
                                         std::vector<ObjectInfo>& objects) {
  const std::string path = folder.empty() ? directory_ : directory_ + "/" + folder;
  for (const std::string& name : TRY(storage_.List(path))) {
    const std::string key = folder.empty() ? name : PathIn(folder, name);
    // Only what begins with the prefix, or leads to it, is looked at.
    const size_t common = std::min(key.size(), prefix.size());
    if (key.compare(0, common, prefix.substr(0, common)) != 0) continue;
    if (storage_.IsDirectory(PathIn(directory_, key))) {
      TRY(ListBelow(key, prefix, objects));
    } else if (key.starts_with(prefix)) {
      const uint64_t size = TRY(SizeOf(key));
      objects.push_back({key, size});
    }
  }
  return {};
}

base::Result<std::vector<ObjectInfo>> LocalObjectStore::List(std::string_view prefix) {
  std::vector<ObjectInfo> objects;
  TRY(ListBelow("", prefix, objects));
  std::ranges::sort(objects, {}, &ObjectInfo::key);
  return objects;
}

base::Status LocalObjectStore::Delete(std::string_view key) {
  const std::string path = TRY(PathOf(key));
  if (!storage_.Exists(path)) return {};
  TRY(storage_.Remove(path));
  // Folders that are empty now; one that is not stays, and so do those above it.
  for (std::string folder = ParentOf(path); folder.size() > directory_.size();
       folder = ParentOf(folder)) {
    const auto names = storage_.List(folder);
    if (!names.ok() || !names.value().empty() || !storage_.Remove(folder).ok()) break;
  }
  return {};
}

base::Status LocalObjectStore::SyncParents(const std::string& path) {
  for (std::string folder = ParentOf(path);; folder = ParentOf(folder)) {
    TRY(storage_.SyncDirectory(folder));
    if (folder.size() <= directory_.size()) return {};
  }
}

}  // namespace clew::objects
