// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/storage.h"

namespace clew::base {

// For tests: hands every call on to another storage, but for one that it makes
// fail, so that a test can walk through all failures of a run by counting up:
//
//   for (uint64_t at = 0;; ++at) {
//     FaultStorage storage(Storage::Local(), {.at = at});
//     ... run; what was promised must hold ...
//     if (!storage.struck()) break;
//   }
//
// or choose one kind of call: {.kind = Call::kSync, .lasts = true} is a disk that
// takes writes and never syncs. Thread-safe; calls of several threads are counted
// in the order they come.
class FaultStorage final : public Storage {
 public:
  enum class Call : uint8_t {
    kCreate,
    kOpen,
    kWrite,
    kRead,
    kSync,
    kTruncate,
    kAllocate,
    kSize,
    kMakeDirectories,
    kList,
    kRemove,
    kRename,
    kLink,
    kSyncDirectory,
    kLock
  };
  struct Fault {
    std::optional<Call> kind{};  // only calls of this kind are counted, and fail
    bool of_room = false;        // only calls that take room on the disk are
    std::string within{};        // only calls on paths that contain this are
    uint64_t at = 0;             // the call that fails, from 0
    bool lasts = false;          // and all after it: a disk that is gone
    bool tears = true;           // a failing write leaves its first half behind
    bool dies = false;           // all calls after it fail, of any kind, and leave nothing
    ErrorCode code = ErrorCode::kIo;
  };

  // `inner` outlives it.
  FaultStorage(Storage& inner, Fault fault) : inner_(inner), fault_(std::move(fault)) {}

  bool struck() const { return calls() > fault_.at; }
  uint64_t calls() const { return calls_.load(std::memory_order_relaxed); }
  // From now on nothing fails: the disk has room again.
  void Heal() { healed_.store(true, std::memory_order_relaxed); }

  Result<std::unique_ptr<File>> Open(const std::string& path, Mode mode) override;
  Status MakeDirectories(const std::string& path) override;
  Result<std::vector<DirectoryEntry>> List(const std::string& directory) override;
  Status Remove(const std::string& path) override;
  Status Rename(const std::string& from, const std::string& to) override;
  Result<bool> LinkIfAbsent(const std::string& from, const std::string& to) override;
  Status SyncDirectory(const std::string& path) override;
  bool Exists(const std::string& path) override { return inner_.Exists(path); }  // cannot fail
  Result<std::unique_ptr<File>> Lock(const std::string& path) override;

 private:
  class FaultFile;
  // The number of a call; nullopt when it is one that is not counted.
  std::optional<uint64_t> Count(Call call, std::string_view path);
  bool Fails(std::optional<uint64_t> number);
  Error Failure(Call call, std::string_view path) const;
  // Counts a call; the error if it is one that fails.
  Status Strike(Call call, std::string_view path);

  Storage& inner_;
  const Fault fault_;
  std::atomic<uint64_t> calls_ = 0;
  // Nothing is ordered by these.
  std::atomic<bool> healed_ = false;
  std::atomic<bool> dead_ = false;
};

}  // namespace clew::base
