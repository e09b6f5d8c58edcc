// SPDX-License-Identifier: Apache-2.0

// google.rpc.Status { 3: repeated Any details }, Any { 1: type_url, 2: value },
// RetryInfo { 1: Duration retry_delay }, Duration { 1: seconds, 2: nanos }.
#include "sdk/exporters/retry_info.h"

#include <cstdint>

namespace opentelemetry::inline v1::exporter::otlp {
namespace {

struct Field {
  uint64_t number = 0;
  uint64_t integer = 0;
  std::string_view bytes{};
};

std::optional<uint64_t> TakeVarint(std::string_view& in) {
  uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && !in.empty(); shift += 7) {
    const auto byte = static_cast<uint8_t>(in.front());
    in.remove_prefix(1);
    value |= static_cast<uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
  return std::nullopt;
}

// The next field, of the two wire types that these messages use.
std::optional<Field> TakeField(std::string_view& in) {
  const auto tag = TakeVarint(in);
  if (!tag.has_value()) return std::nullopt;
  const auto number = TakeVarint(in);
  if (!number.has_value()) return std::nullopt;
  if ((*tag & 7) == 0) return Field{*tag >> 3, *number};
  if ((*tag & 7) != 2 || *number > in.size()) return std::nullopt;
  const std::string_view bytes = in.substr(0, *number);
  in.remove_prefix(*number);
  return Field{*tag >> 3, 0, bytes};
}

std::string_view FindBytes(std::string_view message, uint64_t number) {
  while (const auto field = TakeField(message)) {
    if (field->number == number) return field->bytes;
  }
  return {};
}

}  // namespace

std::optional<std::chrono::milliseconds> RetryDelay(std::string_view status) {
  while (const auto detail = TakeField(status)) {
    if (detail->number != 3 || !FindBytes(detail->bytes, 1).ends_with("google.rpc.RetryInfo")) {
      continue;
    }
    std::string_view duration = FindBytes(FindBytes(detail->bytes, 2), 1);
    std::chrono::milliseconds delay{0};
    while (const auto part = TakeField(duration)) {
      constexpr uint64_t kMost = 3'600'000'000'000;  // far above any sane pause, far below overflow
      if (part->integer > kMost) return std::nullopt;
      const auto amount = static_cast<int64_t>(part->integer);
      delay += part->number == 1 ? std::chrono::milliseconds(amount * 1000)
                                 : std::chrono::milliseconds(amount / 1'000'000);
    }
    return delay;
  }
  return std::nullopt;
}

}  // namespace opentelemetry::inline v1::exporter::otlp
