// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace clew::net {

// Every bound of this module that a peer could otherwise push. Times are fields
// of a value so that tests can shorten them; sizes are constants.
struct Timeouts {
  // From the first byte of a request (or the accept) to the end of its head.
  std::chrono::milliseconds header{10'000};
  // Between two requests of a connection.
  std::chrono::milliseconds idle{75'000};
  // Between two pieces of a body, in either direction.
  std::chrono::milliseconds stall{30'000};
  // From the accept to the end of the TLS handshake.
  std::chrono::milliseconds handshake{10'000};
  // How long a closing connection reads on, so that its last response arrives.
  std::chrono::milliseconds linger{2'000};
};

// How late a deadline may be noticed.
inline constexpr std::chrono::milliseconds kDeadlineTick{100};

// HTTP/1.1.
inline constexpr size_t kMaxHeaderBytes = 64 << 10;
inline constexpr size_t kMaxHeaderFields = 256;
inline constexpr size_t kMaxTrailerBytes = 16 << 10;
inline constexpr size_t kMaxChunkExtensionBytes = 4 << 10;  // of one message
inline constexpr uint64_t kDefaultBodyLimitBytes = 64 << 20;
// An unread request body up to this size is read and dropped to keep the connection.
inline constexpr uint64_t kMaxDrainedBodyBytes = 256 << 10;
inline constexpr uint64_t kMaxLingerBytes = 1 << 20;
inline constexpr size_t kReadBufferBytes = 16 << 10;
// A read into less room than this first makes more.
inline constexpr size_t kMinReadBytes = 4 << 10;
// Request bodies and streams are read in pieces of at most this size.
inline constexpr size_t kMaxBodyPieceBytes = 64 << 10;
// A response body up to this size is written in one piece with its head.
inline constexpr size_t kMaxJoinedBodyBytes = 4 << 10;
// A pooled connection idle for less than this is used without asking the kernel about it.
inline constexpr std::chrono::milliseconds kTrustedIdleTime{5};
// Interim (1xx) responses an upstream may send before the final one.
inline constexpr int kMaxInterimResponses = 8;

// Datagrams of one port that are handled at a time; while there are more they wait in the
// kernel, in a buffer of this size where it is permitted.
inline constexpr size_t kMaxDatagramsInFlight = 256;
inline constexpr int kDatagramBufferBytes = 4 << 20;
inline constexpr size_t kMaxDatagramBytes = 64 << 10;
// Datagrams read before others of the loop have their turn.
inline constexpr int kDatagramsATurn = 64;

inline constexpr int kListenBacklog = 1024;
inline constexpr size_t kMaxConnections = 65'536;  // of one server

}  // namespace clew::net
