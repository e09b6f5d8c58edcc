// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/event_loop.h"
#include "net/task.h"

namespace clew::net {

// Resumes on `loop` when the process gets SIGINT or SIGTERM, which then do nothing
// else. Needs no thread: a process of one loop stays one of one thread.
Task<void> AwaitStopSignal(EventLoop& loop);

}  // namespace clew::net
