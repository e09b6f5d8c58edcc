// SPDX-License-Identifier: Apache-2.0
#include "model/ids.h"

#include <algorithm>

#include "base/check.h"

namespace clew::model {
namespace {

// The value of each character as a hex digit; -1 for one that is none. Ids in JSON are read
// by the million, and what the next digit is cannot be foreseen.
constexpr auto kHexValues = [] {
  std::array<int8_t, 256> values;
  values.fill(-1);
  for (int8_t digit = 0; digit < 10; ++digit) values[static_cast<size_t>('0' + digit)] = digit;
  for (int8_t digit = 10; digit < 16; ++digit) {
    values[static_cast<size_t>('a' + digit - 10)] = digit;
    values[static_cast<size_t>('A' + digit - 10)] = digit;
  }
  return values;
}();

int HexValue(char c) {
  return kHexValues[static_cast<uint8_t>(c)];
}

template <size_t N>
bool AnySet(const std::array<uint8_t, N>& bytes) {
  return std::ranges::any_of(bytes, [](uint8_t byte) { return byte != 0; });
}

template <size_t N>
std::string Hex(const std::array<uint8_t, N>& bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(2 * N);
  for (const uint8_t byte : bytes) {
    out.push_back(kDigits[byte >> 4]);
    out.push_back(kDigits[byte & 15]);
  }
  return out;
}

template <size_t N>
std::array<uint8_t, N> Copy(std::string_view raw) {
  CHECK(raw.size() == N);
  std::array<uint8_t, N> bytes;
  raw.copy(reinterpret_cast<char*>(bytes.data()), N);
  return bytes;
}

// Reads the digits from the right, so that a short id is padded on the left.
template <size_t N>
std::optional<std::array<uint8_t, N>> Parse(std::string_view hex) {
  if (hex.empty() || hex.size() > 2 * N) return std::nullopt;
  std::array<uint8_t, N> bytes{};
  for (size_t i = 0; i < hex.size(); ++i) {
    const int value = HexValue(hex[hex.size() - 1 - i]);
    if (value < 0) return std::nullopt;
    uint8_t& byte = bytes[N - 1 - i / 2];
    byte = static_cast<uint8_t>(byte | value << (4 * (i % 2)));
  }
  return bytes;
}

}  // namespace

bool TraceId::IsValid() const {
  return AnySet(bytes);
}
std::string TraceId::ToHex() const {
  return Hex(bytes);
}
TraceId TraceId::FromBytes(std::string_view raw) {
  return {Copy<16>(raw)};
}
std::optional<TraceId> TraceId::FromHex(std::string_view hex) {
  const auto bytes = Parse<16>(hex);
  return bytes ? std::optional(TraceId{*bytes}) : std::nullopt;
}

bool SpanId::IsValid() const {
  return AnySet(bytes);
}
std::string SpanId::ToHex() const {
  return Hex(bytes);
}
SpanId SpanId::FromBytes(std::string_view raw) {
  return {Copy<8>(raw)};
}
std::optional<SpanId> SpanId::FromHex(std::string_view hex) {
  const auto bytes = Parse<8>(hex);
  return bytes ? std::optional(SpanId{*bytes}) : std::nullopt;
}

}  // namespace clew::model
