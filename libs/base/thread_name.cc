// SPDX-License-Identifier: Apache-2.0
#include "base/thread_name.h"

#include <pthread.h>

#include <cstring>

#include "base/check.h"

namespace clew::base {

void NameThread(const char* name) {
  constexpr size_t kMostBytes = 15;
  CHECK(std::strlen(name) <= kMostBytes);
  pthread_setname_np(pthread_self(), name);
}

}  // namespace clew::base
