// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <random>
#include <string>
#include <system_error>

#include "base/check.h"

namespace clew::base {

// For tests: a folder of their own, gone with what is in it at the end. Where the system
// keeps files in memory it is there, because tests sync a lot and need nothing to last.
class TemporaryFolder {
 public:
  TemporaryFolder() : path_(Make()) {}
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::string& path() const { return path_; }

 private:
  static std::string Make() {
    const std::filesystem::path memory = "/dev/shm";
    const std::filesystem::path parent =
        std::filesystem::exists(memory) ? memory : std::filesystem::temp_directory_path();
    std::string path = parent / ("clew-" + std::to_string(std::random_device()()));
    CHECK(std::filesystem::create_directory(path));  // a new one
    return path;
  }

  const std::string path_;
};

}  // namespace clew::base
