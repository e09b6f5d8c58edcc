// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace clew::serve {

inline constexpr uint32_t kDefaultResultLimit = 20;
inline constexpr uint32_t kMaxResultLimit = 262144;
inline constexpr uint32_t kDefaultSpansPerSpanSet = 3;
inline constexpr uint32_t kMaxSpansPerSpanSet = 100;
inline constexpr int64_t kMaxMetricsIntervals = 10000;
inline constexpr size_t kMaxExemplars = 1000;

// Queries that wait for a worker; one more is answered with 429.
inline constexpr size_t kQueryQueueLimit = 256;

// How often a running query's client is looked for: what a query may waste after
// its client left. A look is a system call.
inline constexpr std::chrono::milliseconds kClientLookInterval{50};

// Of a request to the query API, whose requests have no use for one.
inline constexpr uint64_t kRequestBodyLimitBytes = 64 << 10;

// Larger replies are sent while they are made, in pieces of about this size, of which two
// are in memory: one that is sent and one that is made.
inline constexpr size_t kWholeReplyBytes = size_t{1} << 20;
inline constexpr size_t kReplyPieceBytes = size_t{256} << 10;
// How long a reply waits for room among the queries when its next piece has none.
inline constexpr std::chrono::milliseconds kPieceRetry{10};

// Of one message of a stream; clients of gRPC refuse ones of over 4 MiB.
inline constexpr size_t kMaxStreamMessageBytes = size_t{1} << 20;
// Between two messages of a search that still runs.
inline constexpr std::chrono::milliseconds kDiffInterval{100};

// Replies smaller than this are not worth compressing.
inline constexpr size_t kGzipFromBytes = 1024;

}  // namespace clew::serve
