// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "base/result.h"
#include "base/storage.h"

namespace clew::serve {

struct SavedSearch {
  std::string name;
  std::string query;  // TraceQL of spans; empty: everything
  std::string order;  // "slowest" or "newest"

  bool operator==(const SavedSearch&) const = default;
};

// Searches that people gave names, by tenant. They are one file of the data directory,
// searches.json, which each change replaces as a whole. Thread-safe.
class SavedSearches {
 public:
  // Reads the file. One that is damaged is left as it is: every call then says so.
  SavedSearches(base::Storage& storage, std::string directory);

  base::Result<std::vector<SavedSearch>> List(std::string_view tenant) const;  // by name
  // Durable when it returns. One of the same name gives way; kExhausted past
  // kMaxSavedSearches. After an error all is as it was.
  base::Status Put(std::string_view tenant, SavedSearch search);
  // False when there is none of that name.
  base::Result<bool> Remove(std::string_view tenant, std::string_view name);

 private:
  using OfTenant = std::map<std::string, SavedSearch, std::less<>>;
  using Searches = std::map<std::string, OfTenant, std::less<>>;

  base::Status Read() REQUIRES_LOCK(mutex_);
  base::Status Replace(Searches searches) REQUIRES_LOCK(mutex_);

  base::Storage& storage_;
  const std::string directory_;
  mutable base::Mutex mutex_;
  Searches searches_ GUARDED_BY(mutex_);
  base::Status readable_ GUARDED_BY(mutex_);
};

}  // namespace clew::serve
