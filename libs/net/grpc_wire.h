// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/grpc.h"

namespace clew::net {

// How gRPC writes its parts into HTTP/2: the five bytes before a message, the
// timeout, the percent-encoded message and the status in the trailers.

inline constexpr size_t kGrpcPrefixBytes = 5;

// One message as it comes: a flag byte, four bytes of length, big endian, the message.
class GrpcMessageReader {
 public:
  explicit GrpcMessageReader(size_t limit_bytes) : limit_bytes_(limit_bytes) {}

  // kTooLarge past the limit, as soon as the prefix says so; kUnsupported for a
  // second message; kInvalidArgument for a flag that means nothing.
  base::Status Feed(std::string_view bytes);
  // kInvalidArgument unless exactly one whole message has been fed.
  base::Status CheckComplete() const;

  bool compressed() const { return compressed_; }
  std::string TakeMessage() { return std::move(message_); }

 private:
  base::Status ReadPrefix();

  const size_t limit_bytes_;
  std::string prefix_;
  std::string message_;
  size_t length_ = 0;
  bool compressed_ = false;
};

std::string GrpcPrefix(size_t message_bytes, bool compressed);

// "100m" is a tenth of a second; nullopt when malformed.
std::optional<std::chrono::nanoseconds> ParseGrpcTimeout(std::string_view text);
std::string FormatGrpcTimeout(std::chrono::nanoseconds timeout);

std::string EncodeGrpcMessage(std::string_view message);
std::string EncodeBase64(std::string_view bytes);  // without padding
// With or without padding; nullopt when malformed.
std::optional<std::string> DecodeBase64(std::string_view text);

Headers ToTrailers(const GrpcStatus& status);
// From trailers, or from the head of an answer without a body; nullopt when they say nothing.
std::optional<GrpcStatus> StatusFromFields(const Headers& fields);
// What an HTTP status means when there is no grpc-status.
GrpcCode GrpcCodeOfHttpStatus(int status);

}  // namespace clew::net
