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
  // How long a peer may let us wait for a body in all, in either direction, if it moves no more
  // than kMinBytesPerSecond; max(): as long as it likes, as who forwards bodies must allow.
  std::chrono::milliseconds slow_body = std::chrono::milliseconds::max();
  // From the accept to the end of the TLS handshake.
  std::chrono::milliseconds handshake{10'000};
  // How long a connection may have done nothing when others want its place.
  std::chrono::milliseconds idle_in_shortage{1'000};
  // How long a closing connection reads on, so that its last response arrives.
  std::chrono::milliseconds linger{2'000};
};

// Timeouts::slow_body of a server that keeps what it is sent.
inline constexpr std::chrono::milliseconds kSlowBodyGrace{10'000};
inline constexpr int64_t kMinBytesPerSecond = 1024;

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
// What is dropped of it before the connection is closed: most clients look for the answer only
// once they have sent all, and find it gone with a connection that was closed before.
inline constexpr uint64_t kMaxLingerBytes = kDefaultBodyLimitBytes;
inline constexpr size_t kReadBufferBytes = 16 << 10;
// A read into less room than this first makes more.
inline constexpr size_t kMinReadBytes = 4 << 10;
// Request bodies and streams are read in pieces of at most this size.
inline constexpr size_t kMaxBodyPieceBytes = 64 << 10;
// How much is reserved for a body on the word of its Content-Length alone.
inline constexpr size_t kMaxReservedBodyBytes = 4 << 20;
// A response body up to this size is written in one piece with its head.
inline constexpr size_t kMaxJoinedBodyBytes = 4 << 10;
// A pooled connection idle for less than this is used without asking the kernel about it.
inline constexpr std::chrono::milliseconds kTrustedIdleTime{5};
// Interim (1xx) responses an upstream may send before the final one.
inline constexpr int kMaxInterimResponses = 8;

// Request bodies that a server holds at a time, unless its operator sets another limit; and what
// share more of it those may be that were told to give way and have not gone yet.
inline constexpr uint64_t kDefaultBodyBudgetBytes = uint64_t{512} << 20;
inline constexpr uint64_t kLeavingBodiesShare = 4;
// This share of it is for bodies up to this size: large ones do not keep small ones out.
inline constexpr uint64_t kSmallBodiesShare = 8;
inline constexpr uint64_t kSmallBodyBytes = 256 << 10;

// Datagrams of one port that are handled at a time; while there are more they wait in the
// kernel, in a buffer of this size where it is permitted.
inline constexpr size_t kMaxDatagramsInFlight = 256;
inline constexpr int kDatagramBufferBytes = 4 << 20;
inline constexpr size_t kMaxDatagramBytes = 64 << 10;
// Datagrams read before others of the loop have their turn.
inline constexpr int kDatagramsATurn = 64;

inline constexpr int kListenBacklog = 1024;
// Connections of all ports that share a limit. Of the descriptors that a process may open, this
// share is left for files; when no more than this share of the connections is left, those that do
// nothing are closed (Timeouts::idle_in_shortage), as often as this.
inline constexpr size_t kMaxConnections = 65'536;
inline constexpr uint64_t kFileDescriptorsShare = 4;
inline constexpr size_t kSpareConnectionsShare = 16;
inline constexpr std::chrono::seconds kConnectionShortageInterval{1};

// How often the files of certificates are looked at, if there are connections.
inline constexpr std::chrono::seconds kTlsReloadInterval{1};

}  // namespace clew::net
