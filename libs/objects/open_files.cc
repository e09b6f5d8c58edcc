// SPDX-License-Identifier: Apache-2.0
#include "objects/open_files.h"

namespace clew::objects {

base::Result<OpenFiles::File> OpenFiles::Get(
    const std::string& path,
    const std::function<base::Result<std::unique_ptr<base::File>>()>& open) {
  {
    const base::MutexLock lock(mutex_);
    const auto known = places_.find(path);
    if (known != places_.end()) {
      entries_.splice(entries_.begin(), entries_, known->second);
      return known->second->second;
    }
  }
  File file = TRY(open());
  const base::MutexLock lock(mutex_);
  // Another thread may have opened it meanwhile.
  if (places_.contains(path)) return file;
  entries_.emplace_front(path, file);
  places_.emplace(path, entries_.begin());
  if (entries_.size() > limit_) {
    places_.erase(entries_.back().first);
    entries_.pop_back();
  }
  return file;
}

void OpenFiles::Forget(const std::string& path) {
  const base::MutexLock lock(mutex_);
  const auto known = places_.find(path);
  if (known == places_.end()) return;
  entries_.erase(known->second);
  places_.erase(known);
}

}  // namespace clew::objects
