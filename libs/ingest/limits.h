// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace clew::ingest {

// Of one request body as received. Also the limit of a gRPC message.
inline constexpr uint64_t kBodyLimitBytes = uint64_t{64} << 20;

// Of one body after decompression; nothing beyond it is ever produced.
inline constexpr uint64_t kInflatedLimitBytes = uint64_t{256} << 20;

// Tenants whose rates are remembered, after which those with nothing to remember are forgotten.
inline constexpr size_t kMaxTenantBuckets = 1024;

// What a client over a limit of the moment is told to wait when nobody knows how long, and at most.
inline constexpr int kRetryAfterSeconds = 5;
inline constexpr int kMaxRetryAfterSeconds = 60;

// Why something was refused last: of how many tenants that is remembered, and how much of the text.
inline constexpr size_t kNotedTenants = 64;
inline constexpr size_t kNotedRefusalBytes = 1000;

// A compressed body is taken to be so many times as large, and then again so many times, until it
// fits or is over its limit: what it takes is asked for before it is there.
inline constexpr uint64_t kLikelyRatio = 8;
inline constexpr uint64_t kRatioStep = 4;
inline constexpr uint64_t kLeastInflatedBytes = uint64_t{64} << 10;

// A question for a sampling strategy by gRPC, unpacked.
inline constexpr size_t kSamplingQuestionBytes = size_t{64} << 10;
// The file of sampling strategies: its size, and how often it is looked at.
inline constexpr size_t kSamplingFileBytes = size_t{4} << 20;
inline constexpr std::chrono::seconds kSamplingFileInterval{1};

// Forwarding: bodies that wait or are being sent, how many are sent at once, how long one request
// may take, how long one body is tried again, and the pauses between two tries.
inline constexpr uint64_t kForwardQueueBytes = uint64_t{64} << 20;
inline constexpr uint32_t kForwardSenders = 4;
inline constexpr std::chrono::seconds kForwardRequestTimeout{10};
inline constexpr std::chrono::minutes kForwardGiveUpAfter{5};
inline constexpr std::chrono::milliseconds kForwardFirstPause{250};
inline constexpr std::chrono::seconds kForwardLongestPause{10};
// How often a pause looks whether the server is ending, and the log says what was not forwarded.
inline constexpr std::chrono::milliseconds kForwardPoll{50};
inline constexpr std::chrono::seconds kForwardLogInterval{10};

}  // namespace clew::ingest
