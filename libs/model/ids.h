// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace clew::model {

// The identity of a trace: 16 bytes, big-endian when read as a number. All
// zeros means "none".
struct TraceId {
  std::array<uint8_t, 16> bytes{};

  bool IsValid() const;
  std::string ToHex() const;  // 32 lower-case digits
  auto operator<=>(const TraceId&) const = default;

  // REQUIRES: raw.size() == 16
  static TraceId FromBytes(std::string_view raw);
  // Accepts 1 to 32 hex digits of either case, padded on the left with zeros.
  static std::optional<TraceId> FromHex(std::string_view hex);
};

// The identity of a span inside its trace: 8 bytes. All zeros means "none".
struct SpanId {
  std::array<uint8_t, 8> bytes{};

  bool IsValid() const;
  std::string ToHex() const;  // 16 lower-case digits
  auto operator<=>(const SpanId&) const = default;

  // REQUIRES: raw.size() == 8
  static SpanId FromBytes(std::string_view raw);
  // Accepts 1 to 16 hex digits of either case, padded on the left with zeros.
  static std::optional<SpanId> FromHex(std::string_view hex);
};

}  // namespace clew::model
