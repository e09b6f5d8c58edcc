// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>

#include "base/mutex.h"
#include "query/left_out.h"

namespace clew::serve {

// Tells the operator of each damaged block once. Thread-safe.
class DamageLog {
 public:
  // What a client is told, on one line. REQUIRES: !left_out.empty()
  std::string Report(const query::LeftOut& left_out);

 private:
  base::Mutex mutex_;
  std::set<std::string> reported_ GUARDED_BY(mutex_);
};

}  // namespace clew::serve
