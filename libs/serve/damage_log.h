// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>

#include "base/mutex.h"
#include "query/run_notes.h"

namespace clew::serve {

// Tells the operator of each damaged block once. Thread-safe.
class DamageLog {
 public:
  // What a client is told, on one line. REQUIRES: !notes.empty()
  std::string Report(const query::RunNotes& notes);

 private:
  base::Mutex mutex_;
  std::set<std::string> reported_ GUARDED_BY(mutex_);
};

}  // namespace clew::serve
