// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace clew::base {

// Memory for arrays that fill slowly: large ones come straight from the system, which
// gives a page only when it is first written and takes all back when they are freed;
// small ones come from the heap. Not initialised. Out of memory ends the process.
void* AllocatePages(size_t bytes);
void FreePages(void* memory, size_t bytes);

// What an allocation of `bytes` costs when its first `used` bytes have been written.
size_t TouchedPages(size_t bytes, size_t used);

}  // namespace clew::base
