// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>

namespace clew::edge {

// Encoded spans of one loop that wait for export; past it the newest are dropped and counted.
inline constexpr size_t kMaxQueuedBytes = 32u << 20;
// Requests (two spans each) in one export body: about 100 KiB, which stays in the
// core's own cache until it is sent.
inline constexpr size_t kMaxRequestsPerExport = 100;
inline constexpr std::chrono::milliseconds kExportInterval{200};
// How often a flush looks whether another task has sent the queue.
inline constexpr std::chrono::milliseconds kFlushPoll{10};
inline constexpr std::chrono::seconds kExportTimeout{5};
// How long the last export may hold up the end of the process.
inline constexpr std::chrono::seconds kShutdownTimeout{2};

}  // namespace clew::edge
