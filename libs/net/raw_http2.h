// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace clew::net {

// For tests: HTTP/2 as it is on the wire, for peers that break its rules.
enum RawFrameType : uint8_t {
  kRawHeaders = 1,
  kRawReset = 3,
  kRawSettings = 4,
  kRawPing = 6,
  kRawContinuation = 9,
};
inline constexpr uint8_t kRawAck = 1, kRawEndStream = 1, kRawEndHeaders = 4;

// ":method: GET", ":path: /", ":scheme: http" and ":authority: a", packed.
inline constexpr std::string_view kRawHead = "\x82\x84\x86\x01\x01\x61";
inline constexpr std::string_view kRawPostHead = "\x83\x84\x86\x01\x01\x61";

// A frame of which `size` bytes are said to follow, without them.
inline std::string RawFrameHead(size_t size, RawFrameType type, uint8_t flags, uint32_t stream) {
  std::string frame;
  const auto put = [&](size_t value, int bytes) {
    for (int i = bytes - 1; i >= 0; --i) frame += static_cast<char>(value >> (8 * i) & 0xff);
  };
  put(size, 3);
  put(type, 1);
  put(flags, 1);
  put(stream, 4);
  return frame;
}

inline std::string RawFrame(RawFrameType type, uint8_t flags, uint32_t stream,
                            std::string_view payload = {}) {
  return RawFrameHead(payload.size(), type, flags, stream).append(payload);
}

// The preface of a client, and its settings.
inline std::string RawHttp2Beginning() {
  return "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + RawFrame(kRawSettings, 0, 0);
}

// A whole request, answered for a GET of "/".
inline std::string RawRequest(uint32_t stream) {
  return RawFrame(kRawHeaders, kRawEndStream | kRawEndHeaders, stream, kRawHead);
}

// A head of which more is promised.
inline std::string RawBegunHead(uint32_t stream) {
  return RawFrame(kRawHeaders, 0, stream, kRawHead);
}

// The frame GOAWAY, which ends a connection.
inline std::string RawGoaway(uint32_t last_stream, uint8_t code) {
  std::string frame{'\0', '\0', '\x8', '\x7', '\0', '\0', '\0', '\0', '\0'};
  for (const uint32_t value : {last_stream, uint32_t{code}}) {
    for (int shift = 24; shift >= 0; shift -= 8) frame += static_cast<char>(value >> shift & 0xff);
  }
  return frame;
}

}  // namespace clew::net
