// SPDX-License-Identifier: Apache-2.0
#include "base/watched_file.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace clew::base {

std::optional<Result<std::string>> WatchedFile::Changed() {
  struct stat status{};
  Look look;
  if (stat(path_.c_str(), &status) == 0) {
    look = {.inode = status.st_ino,
            .modified_ns = int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec,
            .size = status.st_size};
  }
  if (last_ == look) return std::nullopt;
  errno = 0;
  std::ifstream file(path_, std::ios::binary);
  std::string contents{std::istreambuf_iterator<char>(file), {}};
  if (!file.good() && !file.eof()) {
    last_ = Look{};
    return Error{ErrorCode::kIo, "cannot read " + path_ + ": " + std::strerror(errno)};
  }
  last_ = look;
  return contents;
}

}  // namespace clew::base
