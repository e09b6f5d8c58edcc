// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace clew::model {

// The identity of a trace: 16 bytes, big-endian when read as a number. All
// zeros means "none".
struct TraceId {
  std::array<uint8_t, 16> bytes{};

  bool IsValid() const;
  std::string ToHex() const;  // 32 lower-case digits
  // As big-endian numbers. Written out because the bytes' own comparison is a call, and
  // ids are compared for every span.
  bool operator==(const TraceId& other) const {
    return Upper() == other.Upper() && Lower() == other.Lower();
  }
  std::strong_ordering operator<=>(const TraceId& other) const {
    const std::strong_ordering upper = Upper() <=> other.Upper();
    return upper != 0 ? upper : Lower() <=> other.Lower();
  }

  // REQUIRES: raw.size() == 16
  static TraceId FromBytes(std::string_view raw);
  // Accepts 1 to 32 hex digits of either case, padded on the left with zeros.
  static std::optional<TraceId> FromHex(std::string_view hex);

 private:
  uint64_t Upper() const { return base::LoadBig64(bytes.data()); }
  uint64_t Lower() const { return base::LoadBig64(bytes.data() + 8); }
};

// The identity of a span inside its trace: 8 bytes. All zeros means "none".
struct SpanId {
  std::array<uint8_t, 8> bytes{};

  bool IsValid() const;
  std::string ToHex() const;  // 16 lower-case digits
  bool operator==(const SpanId& other) const { return Number() == other.Number(); }
  std::strong_ordering operator<=>(const SpanId& other) const {
    return Number() <=> other.Number();
  }

  // REQUIRES: raw.size() == 8
  static SpanId FromBytes(std::string_view raw);
  // Accepts 1 to 16 hex digits of either case, padded on the left with zeros.
  static std::optional<SpanId> FromHex(std::string_view hex);

 private:
  uint64_t Number() const { return base::LoadBig64(bytes.data()); }
};

}  // namespace clew::model
