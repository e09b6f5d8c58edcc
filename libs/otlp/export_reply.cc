// SPDX-License-Identifier: Apache-2.0

// ExportTraceServiceResponse { 1: partial_success }, partial_success { 1: rejected_spans }.
// google.rpc.Status { 3: repeated Any details }, Any { 1: type_url, 2: value },
// RetryInfo { 1: Duration retry_delay }, Duration { 1: seconds, 2: nanos }.
#include "otlp/export_reply.h"

#include <algorithm>
#include <charconv>

#include "wire/protobuf_scan.h"

namespace clew::otlp {
namespace {

using wire::FieldCursor;
using wire::Tag;
using wire::WireType;

// The last field `number` of bytes, as a merged message has it; empty without one.
std::string_view FindBytes(std::string_view message, uint32_t number) {
  std::string_view found;
  FieldCursor field(message, message.data());
  while (field.Next()) {
    if (field.tag() == Tag(number, WireType::kBytes)) found = field.bytes();
  }
  return found;
}

std::chrono::milliseconds Bounded(uint64_t milliseconds) {
  constexpr auto kMost = static_cast<uint64_t>(kMaxRetryDelay.count());
  return std::chrono::milliseconds(static_cast<int64_t>(std::min(milliseconds, kMost)));
}

std::chrono::milliseconds ReadDuration(std::string_view duration) {
  constexpr uint64_t kMostSeconds = 1'000'000;
  uint64_t milliseconds = 0;
  FieldCursor field(duration, duration.data());
  while (field.Next()) {
    if (field.tag() == Tag(1, WireType::kVarint)) {
      milliseconds += std::min(field.integer(), kMostSeconds) * 1000;
    } else if (field.tag() == Tag(2, WireType::kVarint)) {
      milliseconds += std::min<uint64_t>(field.integer(), 999'999'999) / 1'000'000;
    }
    milliseconds = std::min(milliseconds, kMostSeconds * 1000);
  }
  return Bounded(milliseconds);
}

}  // namespace

base::Result<uint64_t> ReadRejectedSpans(std::string_view response) {
  uint64_t rejected = 0;
  FieldCursor field(response, response.data());
  while (field.Next()) {
    if (field.tag() != Tag(1, WireType::kBytes)) continue;
    FieldCursor partial(field.bytes(), response.data());
    while (partial.Next()) {
      if (partial.tag() == Tag(1, WireType::kVarint)) rejected = partial.integer();
    }
    if (partial.failed()) return partial.failure().ToError("export response");
  }
  if (field.failed()) return field.failure().ToError("export response");
  return rejected;
}

std::optional<std::chrono::milliseconds> ReadRetryDelay(std::string_view status) {
  FieldCursor field(status, status.data());
  while (field.Next()) {
    if (field.tag() != Tag(3, WireType::kBytes)) continue;
    const std::string_view detail = field.bytes();
    if (!FindBytes(detail, 1).ends_with("google.rpc.RetryInfo")) continue;
    return ReadDuration(FindBytes(FindBytes(detail, 2), 1));
  }
  return std::nullopt;
}

std::optional<std::chrono::milliseconds> ReadRetryAfter(std::string_view header) {
  uint64_t seconds = 0;
  const char* const end = header.data() + header.size();
  const auto [stop, error] = std::from_chars(header.data(), end, seconds);
  if (error != std::errc() || stop != end) return std::nullopt;
  return Bounded(std::min<uint64_t>(seconds, 1'000'000) * 1000);
}

}  // namespace clew::otlp
