// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace clew::net {

// What an HTTP/2 or gRPC peer could otherwise push. Windows are sized for
// megabyte batches over a fast link.
inline constexpr uint32_t kHttp2StreamWindowBytes = 8 << 20;
inline constexpr int32_t kHttp2ConnectionWindowBytes = 32 << 20;
inline constexpr uint32_t kHttp2MaxFrameBytes = 1 << 20;
inline constexpr uint32_t kHttp2MaxStreams = 100;
// Handlers that may run for one connection, those of reset streams included.
inline constexpr size_t kHttp2MaxHandlers = size_t{2} * kHttp2MaxStreams;
inline constexpr uint32_t kHttp2MaxHeaderListBytes = 64 << 10;
// A head that unpacks to more is an attack, whose rest would cost time: its connection ends.
inline constexpr size_t kHttp2BombBytes = size_t{8} << 20;
// What RFC 9113 counts for a field beyond its name and value.
inline constexpr size_t kHttp2FieldOverheadBytes = 32;

// Streams a client may reset before they were answered: this many, and then no
// more than this share of all it has opened.
inline constexpr uint64_t kHttp2FreeResets = 200;
inline constexpr uint64_t kHttp2StreamsPerReset = 2;
// PING, SETTINGS, PRIORITY and empty DATA frames that a peer may send in one window of time.
inline constexpr uint64_t kHttp2MaxControlFrames = 1000;
inline constexpr std::chrono::seconds kHttp2ControlFrameWindow{1};
// Acknowledgements that wait for a peer which does not read.
inline constexpr size_t kHttp2MaxWaitingAcks = 1000;
inline constexpr size_t kHttp2MaxSettingsEntries = 32;
inline constexpr size_t kHttp2MaxContinuations = 5;

// Frames are gathered up to this size before they are written.
inline constexpr size_t kHttp2WriteBatchBytes = 256 << 10;
inline constexpr size_t kHttp2ReadBufferBytes = 64 << 10;
// How much is reserved on the word of a gRPC prefix alone.
inline constexpr size_t kMaxTrustedReserveBytes = 1 << 20;
// A piece of a body up to this size is copied, one per stream, so that its writer need not wait.
inline constexpr size_t kHttp2CopiedPieceBytes = 64 << 10;

// A reply to a gRPC call of ours.
inline constexpr size_t kGrpcMaxReplyBytes = 64 << 20;

}  // namespace clew::net
