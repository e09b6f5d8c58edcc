// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

// CHECK(a < b) ends the process when the condition does not hold: it guards
// against our own mistakes and is always on. A byte from outside never reaches
// one. DCHECK is for costly invariants and is off under NDEBUG.
namespace clew::base {

[[noreturn]] void CheckFailed(const char* file, int line, const char* condition,
                              const std::string& values = {});

}  // namespace clew::base

#define CHECK(condition)                                         \
  do {                                                           \
    if (!(condition)) [[unlikely]]                               \
      ::clew::base::CheckFailed(__FILE__, __LINE__, #condition); \
  } while (false)

#ifdef NDEBUG
#define DCHECK(condition) \
  do {                    \
  } while (false)
#else
#define DCHECK(condition) CHECK(condition)
#endif
