// SPDX-License-Identifier: Apache-2.0
#include "base/fault_storage.h"

#include <utility>

namespace clew::base {

class FaultStorage::FaultFile final : public File {
 public:
  FaultFile(FaultStorage& storage, std::string path, std::unique_ptr<File> inner)
      : storage_(storage), path_(std::move(path)), inner_(std::move(inner)) {}

  Status Write(uint64_t offset, std::string_view bytes) override {
    Status strike = storage_.Strike("write", path_);
    if (strike.ok()) return inner_->Write(offset, bytes);
    if (storage_.fault_.tears) TRY(inner_->Write(offset, bytes.substr(0, bytes.size() / 2)));
    return strike;
  }
  Result<std::string> Read(uint64_t offset, size_t size) override {
    TRY(storage_.Strike("read", path_));
    return inner_->Read(offset, size);
  }
  Status Sync() override {
    TRY(storage_.Strike("sync", path_));
    return inner_->Sync();
  }
  Status Truncate(uint64_t size) override {
    TRY(storage_.Strike("truncate", path_));
    return inner_->Truncate(size);
  }
  Status Allocate(uint64_t size) override {
    TRY(storage_.Strike("allocate", path_));
    return inner_->Allocate(size);
  }
  Result<uint64_t> Size() override {
    TRY(storage_.Strike("ask the size of", path_));
    return inner_->Size();
  }

 private:
  FaultStorage& storage_;
  const std::string path_;
  const std::unique_ptr<File> inner_;
};

Status FaultStorage::Strike(std::string_view what, std::string_view path) {
  const uint64_t call = calls_.fetch_add(1, std::memory_order_relaxed);
  if (call != fault_.at && !(fault_.lasts && call > fault_.at)) return {};
  return Error{fault_.code,
               "cannot " + std::string(what) + " " + std::string(path) + ": a fault was injected"};
}

Result<std::unique_ptr<File>> FaultStorage::Open(const std::string& path, Mode mode) {
  TRY(Strike(mode == Mode::kCreate ? "create" : "open", path));
  std::unique_ptr<File> file = TRY(inner_.Open(path, mode));
  return std::unique_ptr<File>(std::make_unique<FaultFile>(*this, path, std::move(file)));
}

Status FaultStorage::MakeDirectories(const std::string& path) {
  TRY(Strike("make the directory", path));
  return inner_.MakeDirectories(path);
}

Result<std::vector<std::string>> FaultStorage::List(const std::string& directory) {
  TRY(Strike("list", directory));
  return inner_.List(directory);
}

Status FaultStorage::Remove(const std::string& path) {
  TRY(Strike("remove", path));
  return inner_.Remove(path);
}

Status FaultStorage::Rename(const std::string& from, const std::string& to) {
  TRY(Strike("rename", from));
  return inner_.Rename(from, to);
}

Status FaultStorage::SyncDirectory(const std::string& path) {
  TRY(Strike("sync the directory", path));
  return inner_.SyncDirectory(path);
}

Result<std::unique_ptr<File>> FaultStorage::Lock(const std::string& path) {
  TRY(Strike("lock", path));
  std::unique_ptr<File> file = TRY(inner_.Lock(path));
  return std::unique_ptr<File>(std::make_unique<FaultFile>(*this, path, std::move(file)));
}

}  // namespace clew::base
