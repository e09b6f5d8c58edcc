// SPDX-License-Identifier: Apache-2.0
#include "net/grpc_wire.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "net/http2_limits.h"

namespace clew::net {

using base::Error;
using base::ErrorCode;

base::Status GrpcMessageReader::Feed(std::string_view bytes) {
  if (prefix_.size() < kGrpcPrefixBytes) {
    const size_t wanted = std::min(bytes.size(), kGrpcPrefixBytes - prefix_.size());
    prefix_.append(bytes.substr(0, wanted));
    bytes.remove_prefix(wanted);
    if (prefix_.size() < kGrpcPrefixBytes) return {};
    TRY(ReadPrefix());
  }
  if (bytes.size() > length_ - message_.size()) {
    return Error{ErrorCode::kUnsupported, "unary call carries more than one message"};
  }
  message_.append(bytes);
  return {};
}

base::Status GrpcMessageReader::ReadPrefix() {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(prefix_[i]); };
  if (byte(0) > 1) {
    return Error{ErrorCode::kInvalidArgument,
                 "grpc message has an unknown flag: " + std::to_string(byte(0))};
  }
  compressed_ = byte(0) == 1;
  length_ = size_t{byte(1)} << 24 | size_t{byte(2)} << 16 | size_t{byte(3)} << 8 | byte(4);
  if (length_ > limit_bytes_) {
    return Error{ErrorCode::kTooLarge, "grpc message of " + std::to_string(length_) +
                                           " bytes is over the limit of " +
                                           std::to_string(limit_bytes_)};
  }
  // What the prefix promises may never come: memory is reserved in steps.
  message_.reserve(std::min(length_, kMaxTrustedReserveBytes));
  return {};
}

base::Status GrpcMessageReader::CheckComplete() const {
  if (prefix_.size() < kGrpcPrefixBytes) {
    return Error{ErrorCode::kInvalidArgument, "grpc call ended before its message began"};
  }
  if (message_.size() < length_) {
    return Error{ErrorCode::kInvalidArgument,
                 "grpc message ended early: " + std::to_string(message_.size()) + " of " +
                     std::to_string(length_) + " bytes"};
  }
  return {};
}

std::string GrpcPrefix(size_t message_bytes, bool compressed) {
  std::string prefix(1, compressed ? '\1' : '\0');
  for (const int shift : {24, 16, 8, 0}) {
    prefix += static_cast<char>(message_bytes >> shift & 0xff);
  }
  return prefix;
}

namespace {

struct TimeoutUnit {
  char letter;
  int64_t ns;
};
constexpr std::array<TimeoutUnit, 6> kUnits = {{{'n', 1},
                                                {'u', 1'000},
                                                {'m', 1'000'000},
                                                {'S', 1'000'000'000},
                                                {'M', 60'000'000'000},
                                                {'H', 3'600'000'000'000}}};
constexpr size_t kMaxTimeoutDigits = 8;
constexpr int64_t kMaxTimeoutNumber = 99'999'999;
// Beyond this a timeout bounds nothing, and its nanoseconds would not fit.
constexpr int64_t kMaxTimeoutHours = int64_t{24} * 365;

}  // namespace

std::optional<std::chrono::nanoseconds> ParseGrpcTimeout(std::string_view text) {
  if (text.size() < 2 || text.size() > kMaxTimeoutDigits + 1) return std::nullopt;
  const std::string_view digits = text.substr(0, text.size() - 1);
  int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size() || number < 0) {
    return std::nullopt;
  }
  const auto unit = std::ranges::find(kUnits, text.back(), &TimeoutUnit::letter);
  if (unit == kUnits.end()) return std::nullopt;
  const int64_t most = kMaxTimeoutHours * kUnits.back().ns;
  return std::chrono::nanoseconds(number > most / unit->ns ? most : number * unit->ns);
}

std::string FormatGrpcTimeout(std::chrono::nanoseconds timeout) {
  const int64_t ns = std::max<int64_t>(timeout.count(), 0);
  for (const TimeoutUnit& unit : kUnits) {
    if (ns / unit.ns <= kMaxTimeoutNumber) return std::to_string(ns / unit.ns) + unit.letter;
  }
  return std::to_string(kMaxTimeoutNumber) + "H";
}

std::string EncodeGrpcMessage(std::string_view message) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : message) {
    if (c >= ' ' && c <= '~' && c != '%') {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<uint8_t>(c);
    encoded += {'%', kHex[byte >> 4], kHex[byte & 15]};
  }
  return encoded;
}

namespace {
constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
}  // namespace

std::string EncodeBase64(std::string_view bytes) {
  std::string text;
  uint32_t bits = 0;
  int bit_count = 0;
  for (const char c : bytes) {
    bits = bits << 8 | static_cast<uint8_t>(c);
    for (bit_count += 8; bit_count >= 6;) {
      bit_count -= 6;
      text += kBase64[bits >> bit_count & 63];
    }
  }
  if (bit_count > 0) text += kBase64[bits << (6 - bit_count) & 63];
  return text;
}

std::optional<std::string> DecodeBase64(std::string_view text) {
  for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
  std::string bytes;
  uint32_t bits = 0;
  int bit_count = 0;
  for (const char c : text) {
    const size_t value = kBase64.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = bits << 6 | static_cast<uint32_t>(value);
    bit_count += 6;
    if (bit_count < 8) continue;
    bit_count -= 8;
    bytes += static_cast<char>(bits >> bit_count & 0xff);
  }
  return bytes;
}

Headers ToTrailers(const GrpcStatus& status) {
  Headers trailers;
  trailers.Add("grpc-status", std::to_string(static_cast<int>(status.code)));
  if (!status.message.empty()) trailers.Add("grpc-message", EncodeGrpcMessage(status.message));
  if (!status.details.empty()) {
    trailers.Add("grpc-status-details-bin", EncodeBase64(status.details));
  }
  for (const Header& field : status.metadata) trailers.Add(field.name, field.value);
  return trailers;
}

std::optional<GrpcStatus> StatusFromFields(const Headers& fields) {
  const std::optional<std::string_view> text = fields.Get("grpc-status");
  if (!text) return std::nullopt;
  GrpcStatus status{GrpcCode::kUnknown, {}, {}};
  int number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  constexpr int kHighestCode = 16;
  if (error == std::errc() && end == text->data() + text->size() && number >= 0 &&
      number <= kHighestCode) {
    status.code = static_cast<GrpcCode>(number);
  }
  const std::string_view message = fields.Get("grpc-message").value_or("");
  status.message = PercentDecode(message, false).value_or(std::string(message));
  status.details =
      DecodeBase64(fields.Get("grpc-status-details-bin").value_or("")).value_or(std::string());
  return status;
}

GrpcCode GrpcCodeOfHttpStatus(int status) {
  switch (status) {
    case 400:
      return GrpcCode::kInternal;
    case 401:
      return GrpcCode::kUnauthenticated;
    case 403:
      return GrpcCode::kPermissionDenied;
    case 404:
      return GrpcCode::kUnimplemented;
    case 429:
    case 502:
    case 503:
    case 504:
      return GrpcCode::kUnavailable;
    default:  // The number comes from outside.
      return GrpcCode::kUnknown;
  }
}

GrpcCode ToGrpcCode(base::ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return GrpcCode::kInvalidArgument;
    case ErrorCode::kUnsupported:
      return GrpcCode::kUnimplemented;
    case ErrorCode::kNotFound:
      return GrpcCode::kNotFound;
    case ErrorCode::kTooLarge:
    case ErrorCode::kExhausted:
      return GrpcCode::kResourceExhausted;
    case ErrorCode::kDeadlineExceeded:
      return GrpcCode::kDeadlineExceeded;
    case ErrorCode::kCancelled:
      return GrpcCode::kCancelled;
    case ErrorCode::kUnavailable:
      return GrpcCode::kUnavailable;
    case ErrorCode::kCorruption:
    case ErrorCode::kIo:
      return GrpcCode::kInternal;
  }
  return GrpcCode::kUnknown;
}

}  // namespace clew::net
