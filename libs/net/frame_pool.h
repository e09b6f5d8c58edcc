// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace clew::net::task_internal {

// Memory of coroutine frames: a request takes a dozen, of few sizes, for a moment
// each. Freed frames up to 1 KiB wait on a list of their thread for the next of
// their size, at most 64 KiB a size. Under a sanitizer every frame is an allocation
// of its own, so that a use after its end is seen. Thread-safe.
void* AllocateFrame(size_t bytes);
void FreeFrame(void* frame, size_t bytes);

}  // namespace clew::net::task_internal
