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
// Whole spans of a trace that are asked for by their ids.
inline constexpr size_t kMaxSpansById = 200;
inline constexpr int64_t kMaxMetricsIntervals = 10000;
inline constexpr size_t kMaxExemplars = 1000;

// Unless the operator sets others: queries that wait for a worker and how long, how long one
// runs and how much memory it takes, and from when on it is slow.
inline constexpr size_t kQueryQueueLimit = 256;
inline constexpr std::chrono::seconds kQueryQueueWait{30};
inline constexpr std::chrono::seconds kQueryTimeout{60};
inline constexpr uint64_t kQueryMemoryBytes = uint64_t{256} << 20;
inline constexpr std::chrono::seconds kSlowQuery{1};

// Slow queries that are remembered: the last ones, and the slowest.
inline constexpr size_t kRememberedQueries = 20;
// Of the text of a query, in the log and among the slow ones.
inline constexpr size_t kShownQueryBytes = 2048;

// What a client is told to wait when it finds no room among the queries.
inline constexpr int kRetryAfterSeconds = 2;

// How often a query's client and its time are looked after: what a query may waste after
// its client left or its time was over. A look is a system call.
inline constexpr std::chrono::milliseconds kQueryLookInterval{50};

// Of a request to the query API, whose requests have no use for one.
inline constexpr uint64_t kRequestBodyLimitBytes = 64 << 10;
// Of a question over gRPC, which has the longest query there may be and more.
inline constexpr uint64_t kStreamRequestBytes = 256 << 10;
// Of a file of spans that is opened, as it comes and decompressed; and of all bodies that are
// in memory at a time.
inline constexpr size_t kOpenedFileBytes = size_t{64} << 20;
inline constexpr size_t kAllBodiesBytes = size_t{192} << 20;

// Searches with a name, of one tenant, and the bytes of a name and of a query. The file they are
// in is read whole.
inline constexpr size_t kMaxSavedSearches = 500;
inline constexpr size_t kMaxSearchNameBytes = 100;
inline constexpr size_t kMaxSavedQueryBytes = 8192;
inline constexpr size_t kMaxSavedFileBytes = size_t{64} << 20;

// Of live tails: how many there may be, what may wait for one of them, and the traces that are
// told at a time. What is over is counted, and the client told how much it was.
inline constexpr size_t kMaxTails = 32;
inline constexpr size_t kMaxTailBytes = size_t{4} << 20;
inline constexpr size_t kMaxTailTraces = 100;
// How often a tail looks for what arrived, and how often it says that it is still there.
inline constexpr std::chrono::milliseconds kTailInterval{250};
inline constexpr std::chrono::seconds kTailHeartbeat{10};

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

// Of a ledger: rows and segments of its path, unless others are asked for, and at most.
inline constexpr uint32_t kDefaultLedgerRows = 100;
inline constexpr uint32_t kMaxLedgerRows = 1000;
inline constexpr uint32_t kDefaultLedgerSegments = 10'000;
inline constexpr uint32_t kMaxLedgerSegments = 100'000;
// Ids that are listed: of the spans of a row, and of those outside their parents.
inline constexpr size_t kMaxSpansOfLedgerRow = 50;
inline constexpr size_t kMaxStraySpans = 100;
// Of what is usual: rows that a trace lacks, and kinds of spans.
inline constexpr size_t kMaxGoneRows = 100;
inline constexpr size_t kMaxUsualSpans = 500;
// Accounts of what nobody waited for.
inline constexpr size_t kMaxDetachedAccounts = 100;

// Of a ledger of many traces: how many are read, unless others are asked for, and at most.
inline constexpr uint32_t kDefaultSetTraces = 1000;
inline constexpr uint32_t kMaxSetTraces = 20'000;

// Replies smaller than this are not worth compressing.
inline constexpr size_t kGzipFromBytes = 1024;

}  // namespace clew::serve
