// SPDX-License-Identifier: Apache-2.0
// Files of the machine itself. Every system call of the program that touches a
// file is here; each failure says which path and why.
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "base/storage.h"

namespace clew::base {
namespace {

Error SystemError(const std::string& what, const std::string& path) {
  const int reason = errno;
  const bool full = reason == ENOSPC || reason == EDQUOT;
  return {full ? ErrorCode::kExhausted : ErrorCode::kIo,
          what + " " + path + ": " + std::strerror(reason)};
}

// Asks the file system only where the directory does not say, or has a link.
bool IsDirectory(const std::string& directory, const dirent& entry) {
  if (entry.d_type != DT_UNKNOWN && entry.d_type != DT_LNK) return entry.d_type == DT_DIR;
  const std::string path = directory + "/" + entry.d_name;
  struct stat status{};
  return stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

class LocalFile final : public File {
 public:
  LocalFile(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}
  ~LocalFile() override { close(descriptor_); }

  Status Write(uint64_t offset, std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t n = pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return SystemError("cannot write", path_);
      bytes.remove_prefix(static_cast<size_t>(n));
      offset += static_cast<uint64_t>(n);
    }
    return {};
  }

  Result<std::string> Read(uint64_t offset, size_t size) override {
    std::string bytes(size, '\0');
    size_t done = 0;
    while (done < size) {
      const ssize_t n =
          pread(descriptor_, bytes.data() + done, size - done, static_cast<off_t>(offset + done));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return SystemError("cannot read", path_);
      if (n == 0) break;
      done += static_cast<size_t>(n);
    }
    bytes.resize(done);
    return bytes;
  }

  Status Sync() override {
    if (fdatasync(descriptor_) != 0) return SystemError("cannot sync", path_);
    return {};
  }

  Status Truncate(uint64_t size) override {
    if (ftruncate(descriptor_, static_cast<off_t>(size)) != 0) {
      return SystemError("cannot truncate", path_);
    }
    return {};
  }

  Status Allocate(uint64_t size) override {
    errno = posix_fallocate(descriptor_, 0, static_cast<off_t>(size));
    if (errno != 0) return SystemError("cannot allocate", path_);
    return {};
  }

  Result<uint64_t> Size() override {
    struct stat status{};
    if (fstat(descriptor_, &status) != 0) return SystemError("cannot stat", path_);
    return static_cast<uint64_t>(status.st_size);
  }

 private:
  const int descriptor_;
  const std::string path_;
};

class LocalStorage final : public Storage {
 public:
  Result<std::unique_ptr<File>> Open(const std::string& path, Mode mode) override {
    int flags = O_CLOEXEC | (mode == Mode::kRead ? O_RDONLY : O_RDWR);
    if (mode == Mode::kCreate) flags |= O_CREAT | O_EXCL;
    const int descriptor = open(path.c_str(), flags, 0644);
    if (descriptor < 0) return SystemError("cannot open", path);
    return std::unique_ptr<File>(std::make_unique<LocalFile>(descriptor, path));
  }

  Status MakeDirectories(const std::string& path) override {
    for (size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
      const std::string part = path.substr(0, end);
      if (mkdir(part.c_str(), 0755) != 0 && errno != EEXIST) {
        return SystemError("cannot make the directory", part);
      }
      if (end == std::string::npos) return {};
    }
  }

  Result<std::vector<DirectoryEntry>> List(const std::string& directory) override {
    DIR* stream = opendir(directory.c_str());
    if (stream == nullptr) return SystemError("cannot list", directory);
    std::vector<DirectoryEntry> entries;
    while (const dirent* entry = readdir(stream)) {
      const std::string name = entry->d_name;
      if (name != "." && name != "..") entries.push_back({name, IsDirectory(directory, *entry)});
    }
    closedir(stream);
    std::ranges::sort(entries, {}, &DirectoryEntry::name);
    return entries;
  }

  Status Remove(const std::string& path) override {
    if (remove(path.c_str()) != 0) return SystemError("cannot remove", path);
    return {};
  }

  Status Rename(const std::string& from, const std::string& to) override {
    if (rename(from.c_str(), to.c_str()) != 0) return SystemError("cannot rename", from);
    return {};
  }

  Result<bool> LinkIfAbsent(const std::string& from, const std::string& to) override {
    if (link(from.c_str(), to.c_str()) == 0) return true;
    if (errno == EEXIST) return false;
    return SystemError("cannot link", from);
  }

  Status SyncDirectory(const std::string& path) override {
    const int descriptor = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return SystemError("cannot open", path);
    LocalFile directory(descriptor, path);
    if (fsync(descriptor) != 0) return SystemError("cannot sync", path);
    return {};
  }

  bool Exists(const std::string& path) override {
    return access(path.c_str(), F_OK) == 0 ||
           (errno != ENOENT && errno != ENOTDIR && errno != ENAMETOOLONG);
  }

  Result<std::unique_ptr<File>> Lock(const std::string& path) override {
    const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor < 0) return SystemError("cannot open", path);
    auto file = std::make_unique<LocalFile>(descriptor, path);
    if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK) return SystemError("cannot lock", path);
      auto holder = file->Read(0, 32);
      std::string pid = holder.ok() ? holder.value() : "?";
      while (pid.ends_with('\n')) pid.pop_back();
      return Error{ErrorCode::kUnavailable, path + " is locked by the process " + pid};
    }
    const std::string pid = std::to_string(getpid()) + "\n";
    auto status = file->Write(0, pid);
    if (status.ok()) status = file->Truncate(pid.size());
    // A full disk may have no room for the name of whom the lock belongs to.
    const bool told = status.ok() || status.error().code == ErrorCode::kExhausted;
    if (!told) return std::move(status).error();
    return std::unique_ptr<File>(std::move(file));
  }
};

}  // namespace

Storage& Storage::Local() {
  static LocalStorage storage;
  return storage;
}

}  // namespace clew::base
