// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"

namespace clew::base {

// A file that people change while the program runs. Used by one thread at a time.
class WatchedFile {
 public:
  explicit WatchedFile(std::string path) : path_(std::move(path)) {}

  const std::string& path() const { return path_; }

  // What is in it, or why it cannot be read, when that may be another than at the last call;
  // nullopt when it is the same. The first call always tells. Costs a system call.
  std::optional<Result<std::string>> Changed();

 private:
  struct Look {
    uint64_t inode = 0;
    int64_t modified_ns = 0;
    int64_t size = -1;  // -1: it cannot be read
    bool operator==(const Look&) const = default;
  };

  std::string path_;
  std::optional<Look> last_;
};

}  // namespace clew::base
