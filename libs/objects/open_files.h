// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/mutex.h"
#include "base/result.h"
#include "base/storage.h"

namespace clew::objects {

// The files that were read last, kept open, at most so many. Thread-safe.
class OpenFiles {
 public:
  explicit OpenFiles(size_t limit) : limit_(limit) {}

  using File = std::shared_ptr<base::File>;
  // The file at a path, or what `open` gives; its errors are not kept.
  base::Result<File> Get(const std::string& path,
                         const std::function<base::Result<std::unique_ptr<base::File>>()>& open);
  // Lets go of a file, because it was deleted.
  void Forget(const std::string& path);

 private:
  using Entry = std::pair<std::string, File>;

  const size_t limit_;
  base::Mutex mutex_;
  std::list<Entry> entries_ GUARDED_BY(mutex_);  // the last used first
  std::unordered_map<std::string, std::list<Entry>::iterator> places_ GUARDED_BY(mutex_);
};

}  // namespace clew::objects
