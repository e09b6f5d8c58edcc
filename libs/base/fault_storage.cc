// SPDX-License-Identifier: Apache-2.0
#include "base/fault_storage.h"

#include <utility>

namespace clew::base {
namespace {

std::string_view VerbOf(FaultStorage::Call call) {
  using Call = FaultStorage::Call;
  switch (call) {
    case Call::kCreate:
      return "create";
    case Call::kOpen:
      return "open";
    case Call::kWrite:
      return "write";
    case Call::kRead:
      return "read";
    case Call::kSync:
      return "sync";
    case Call::kTruncate:
      return "truncate";
    case Call::kAllocate:
      return "allocate";
    case Call::kSize:
      return "ask the size of";
    case Call::kMakeDirectories:
      return "make the directory";
    case Call::kList:
      return "list";
    case Call::kRemove:
      return "remove";
    case Call::kRename:
      return "rename";
    case Call::kLink:
      return "link";
    case Call::kSyncDirectory:
      return "sync the directory";
    case Call::kLock:
      return "lock";
  }
  return "call";
}

// What a full disk may refuse, unless what is to be made is there already. Syncing is not of it:
// file systems keep room for what was written.
bool TakesRoom(FaultStorage::Call call) {
  using Call = FaultStorage::Call;
  return call == Call::kCreate || call == Call::kWrite || call == Call::kAllocate ||
         call == Call::kMakeDirectories || call == Call::kRename || call == Call::kLink ||
         call == Call::kLock;
}

}  // namespace

class FaultStorage::FaultFile final : public File {
 public:
  FaultFile(FaultStorage& storage, std::string path, std::unique_ptr<File> inner)
      : storage_(storage), path_(std::move(path)), inner_(std::move(inner)) {}

  Status Write(uint64_t offset, std::string_view bytes) override {
    const std::optional<uint64_t> number = storage_.Count(Call::kWrite, path_);
    if (!storage_.Fails(number)) return inner_->Write(offset, bytes);
    const Fault& fault = storage_.fault_;
    if (fault.tears && (!fault.dies || number == fault.at)) {
      TRY(inner_->Write(offset, bytes.substr(0, bytes.size() / 2)));
    }
    return storage_.Failure(Call::kWrite, path_);
  }
  Result<std::string> Read(uint64_t offset, size_t size) override {
    TRY(storage_.Strike(Call::kRead, path_));
    return inner_->Read(offset, size);
  }
  Status Sync() override {
    TRY(storage_.Strike(Call::kSync, path_));
    return inner_->Sync();
  }
  Status Truncate(uint64_t size) override {
    TRY(storage_.Strike(Call::kTruncate, path_));
    return inner_->Truncate(size);
  }
  Status Allocate(uint64_t size) override {
    TRY(storage_.Strike(Call::kAllocate, path_));
    return inner_->Allocate(size);
  }
  Result<uint64_t> Size() override {
    TRY(storage_.Strike(Call::kSize, path_));
    return inner_->Size();
  }

 private:
  FaultStorage& storage_;
  const std::string path_;
  const std::unique_ptr<File> inner_;
};

std::optional<uint64_t> FaultStorage::Count(Call call, std::string_view path) {
  if (fault_.kind && *fault_.kind != call) return std::nullopt;
  if (fault_.of_room && !TakesRoom(call)) return std::nullopt;
  if (path.find(fault_.within) == std::string_view::npos) return std::nullopt;
  return calls_.fetch_add(1, std::memory_order_relaxed);
}

bool FaultStorage::Fails(std::optional<uint64_t> number) {
  if (healed_.load(std::memory_order_relaxed)) return false;
  if (dead_.load(std::memory_order_relaxed)) return true;
  if (!number || *number < fault_.at) return false;
  if (fault_.dies) dead_.store(true, std::memory_order_relaxed);
  return *number == fault_.at || fault_.lasts || fault_.dies;
}

Error FaultStorage::Failure(Call call, std::string_view path) const {
  return {fault_.code, "cannot " + std::string(VerbOf(call)) + " " + std::string(path) +
                           ": a fault was injected"};
}

Status FaultStorage::Strike(Call call, std::string_view path) {
  if (Fails(Count(call, path))) return Failure(call, path);
  return {};
}

Result<std::unique_ptr<File>> FaultStorage::Open(const std::string& path, Mode mode) {
  TRY(Strike(mode == Mode::kCreate ? Call::kCreate : Call::kOpen, path));
  std::unique_ptr<File> file = TRY(inner_.Open(path, mode));
  return std::unique_ptr<File>(std::make_unique<FaultFile>(*this, path, std::move(file)));
}

Status FaultStorage::MakeDirectories(const std::string& path) {
  const bool takes_room = !inner_.Exists(path);
  if (takes_room || !fault_.of_room) TRY(Strike(Call::kMakeDirectories, path));
  return inner_.MakeDirectories(path);
}

Result<std::vector<DirectoryEntry>> FaultStorage::List(const std::string& directory) {
  TRY(Strike(Call::kList, directory));
  return inner_.List(directory);
}

Status FaultStorage::Remove(const std::string& path) {
  TRY(Strike(Call::kRemove, path));
  return inner_.Remove(path);
}

Status FaultStorage::Rename(const std::string& from, const std::string& to) {
  TRY(Strike(Call::kRename, from));
  return inner_.Rename(from, to);
}

Result<bool> FaultStorage::LinkIfAbsent(const std::string& from, const std::string& to) {
  TRY(Strike(Call::kLink, from));
  return inner_.LinkIfAbsent(from, to);
}

Status FaultStorage::SyncDirectory(const std::string& path) {
  TRY(Strike(Call::kSyncDirectory, path));
  return inner_.SyncDirectory(path);
}

Result<std::unique_ptr<File>> FaultStorage::Lock(const std::string& path) {
  const bool takes_room = !inner_.Exists(path);
  if (takes_room || !fault_.of_room) TRY(Strike(Call::kLock, path));
  std::unique_ptr<File> file = TRY(inner_.Lock(path));
  return std::unique_ptr<File>(std::make_unique<FaultFile>(*this, path, std::move(file)));
}

}  // namespace clew::base
