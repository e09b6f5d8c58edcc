// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "opentelemetry/trace/trace_id.h"

namespace opentelemetry::inline v1::trace {

// 8 bytes; all zeros is not valid.
class SpanId final {
 public:
  static constexpr int kSize = 8;

  constexpr SpanId() noexcept = default;
  explicit SpanId(nostd::span<const uint8_t, kSize> id) noexcept {
    std::copy(id.begin(), id.end(), id_.begin());
  }

  void ToLowerBase16(nostd::span<char, size_t{2} * kSize> buffer) const noexcept {
    WriteLowerHex(id_, buffer);
  }
  nostd::span<const uint8_t, kSize> Id() const noexcept { return id_; }
  void CopyBytesTo(nostd::span<uint8_t, kSize> destination) const noexcept {
    std::copy(id_.begin(), id_.end(), destination.begin());
  }
  bool IsValid() const noexcept { return *this != SpanId(); }
  bool operator==(const SpanId&) const noexcept = default;

 private:
  std::array<uint8_t, kSize> id_{};
};

}  // namespace opentelemetry::inline v1::trace
