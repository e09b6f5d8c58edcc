// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace clew::net {

// Why a server ends a connection with which its client would have gone on.
enum class EndReason : uint8_t {
  kResets,         // of streams, faster than they are answered
  kControlFrames,  // PING, SETTINGS and others that carry nothing
  kContinuations,  // frames of one head
  kLargeHead,
  kSlowHead,
  kSlowBody,
  kUnreadAnswer,
  kMalformed,  // neither HTTP/1 nor HTTP/2, or not by their rules
  kShortage,   // it did nothing, and others wanted its place
};

inline constexpr std::array kEndReasons = {
    EndReason::kResets,       EndReason::kControlFrames, EndReason::kContinuations,
    EndReason::kLargeHead,    EndReason::kSlowHead,      EndReason::kSlowBody,
    EndReason::kUnreadAnswer, EndReason::kMalformed,     EndReason::kShortage};

// The label of metrics.
std::string_view NameOf(EndReason reason);

}  // namespace clew::net
