// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace clew::base {

// An open file. Errors carry the path and the system's reason. Calls on
// different files are independent; one file is used by one thread at a time,
// but for Sync, which may run beside Write, and for Read, which may run beside Read.
class File {
 public:
  virtual ~File() = default;
  // All of `bytes` at `offset`, or kIo (kExhausted when the disk is full).
  virtual Status Write(uint64_t offset, std::string_view bytes) = 0;
  // Up to `size` bytes; short only at the end of the file.
  virtual Result<std::string> Read(uint64_t offset, size_t size) = 0;
  virtual Status Sync() = 0;  // fdatasync
  virtual Status Truncate(uint64_t size) = 0;
  virtual Status Allocate(uint64_t size) = 0;  // blocks for [0, size), size included
  virtual Result<uint64_t> Size() = 0;
};

struct DirectoryEntry {
  std::string name;
  bool is_directory = false;
};

// Every file call of the program goes through here, so that tests can make any
// of them fail and cut a run at any step. Thread-safe.
class Storage {
 public:
  virtual ~Storage() = default;
  enum class Mode : uint8_t { kRead, kReadWrite, kCreate };  // kCreate: must not exist yet
  virtual Result<std::unique_ptr<File>> Open(const std::string& path, Mode mode) = 0;
  virtual Status MakeDirectories(const std::string& path) = 0;
  virtual Result<std::vector<DirectoryEntry>> List(const std::string& directory) = 0;  // by name
  virtual Status Remove(const std::string& path) = 0;  // a file or an empty directory
  virtual Status Rename(const std::string& from, const std::string& to) = 0;
  // Gives a file a second name, unless that is taken: then false, and nothing is done.
  virtual Result<bool> LinkIfAbsent(const std::string& from, const std::string& to) = 0;
  virtual Status SyncDirectory(const std::string& path) = 0;
  virtual bool Exists(const std::string& path) = 0;  // false only when it certainly does not
  // Exclusive lock file that holds our pid; kUnavailable names the pid that has it.
  virtual Result<std::unique_ptr<File>> Lock(const std::string& path) = 0;

  static Storage& Local();
};

}  // namespace clew::base
