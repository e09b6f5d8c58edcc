// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "opentelemetry/nostd/span.h"
#include "opentelemetry/version.h"

namespace opentelemetry::inline v1::trace {

// Writes two lower-case digits for each byte.
// REQUIRES: out.size() == 2 * bytes.size()
inline void WriteLowerHex(nostd::span<const uint8_t> bytes, nostd::span<char> out) noexcept {
  constexpr char kDigits[] = "0123456789abcdef";
  for (size_t i = 0; i < bytes.size(); ++i) {
    out[2 * i] = kDigits[bytes[i] >> 4];
    out[2 * i + 1] = kDigits[bytes[i] & 15];
  }
}

// 16 bytes; all zeros is not valid.
class TraceId final {
 public:
  static constexpr int kSize = 16;

  constexpr TraceId() noexcept = default;
  explicit TraceId(nostd::span<const uint8_t, kSize> id) noexcept {
    std::copy(id.begin(), id.end(), id_.begin());
  }

  void ToLowerBase16(nostd::span<char, size_t{2} * kSize> buffer) const noexcept {
    WriteLowerHex(id_, buffer);
  }
  nostd::span<const uint8_t, kSize> Id() const noexcept { return id_; }
  void CopyBytesTo(nostd::span<uint8_t, kSize> destination) const noexcept {
    std::copy(id_.begin(), id_.end(), destination.begin());
  }
  bool IsValid() const noexcept { return *this != TraceId(); }
  bool operator==(const TraceId&) const noexcept = default;

 private:
  std::array<uint8_t, kSize> id_{};
};

}  // namespace opentelemetry::inline v1::trace
