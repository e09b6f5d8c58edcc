// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "opentelemetry/nostd/span.h"
#include "opentelemetry/trace/trace_id.h"

namespace opentelemetry::inline v1::trace {

// The flags byte of W3C trace context.
class TraceFlags final {
 public:
  static constexpr uint8_t kIsSampled = 1;
  static constexpr uint8_t kIsRandom = 2;

  constexpr TraceFlags() noexcept = default;
  constexpr explicit TraceFlags(uint8_t flags) noexcept : flags_(flags) {}

  constexpr bool IsSampled() const noexcept { return (flags_ & kIsSampled) != 0; }
  constexpr bool IsRandom() const noexcept { return (flags_ & kIsRandom) != 0; }
  void ToLowerBase16(nostd::span<char, 2> buffer) const noexcept {
    WriteLowerHex(nostd::span<const uint8_t>(&flags_, 1), buffer);
  }
  constexpr uint8_t flags() const noexcept { return flags_; }
  constexpr bool operator==(const TraceFlags&) const noexcept = default;

 private:
  uint8_t flags_ = 0;
};

}  // namespace opentelemetry::inline v1::trace
