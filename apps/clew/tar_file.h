// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace clew {

struct TarEntry {
  std::string name;  // at most 100 bytes, with / between folders
  std::string text;
};

// An archive in the format ustar of POSIX, which every tar reads: plain files that their owner
// may write and all may read. `unix_seconds` is the time of all of them.
// REQUIRES: names are short enough
std::string TarOf(const std::vector<TarEntry>& entries, int64_t unix_seconds);

}  // namespace clew
