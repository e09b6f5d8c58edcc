// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "model/span_sink.h"

namespace clew::query {

// The words of TraceQL for a status and a kind; numbers that nobody knows are
// unset and unspecified.
inline std::string_view StatusKeyword(int32_t code) {
  if (code == static_cast<int32_t>(model::StatusCode::kError)) return "error";
  return code == static_cast<int32_t>(model::StatusCode::kOk) ? "ok" : "unset";
}

inline std::string_view KindKeyword(int32_t kind) {
  static constexpr std::array<std::string_view, 6> kNames = {"unspecified", "internal", "server",
                                                             "client",      "producer", "consumer"};
  const auto index = static_cast<uint32_t>(kind);
  return kNames[index < kNames.size() ? index : 0];
}

}  // namespace clew::query
