// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>

namespace clew::edge {

// Traced requests that wait for export; past it the newest are dropped and counted.
inline constexpr size_t kMaxQueuedRequests = 65536;
// Requests (two spans each) in one export body: about 1 MiB.
inline constexpr size_t kMaxRequestsPerExport = 1000;
inline constexpr std::chrono::milliseconds kExportInterval{200};
inline constexpr std::chrono::seconds kExportTimeout{5};
// How long the last export may hold up the end of the process.
inline constexpr std::chrono::seconds kShutdownTimeout{2};

}  // namespace clew::edge
