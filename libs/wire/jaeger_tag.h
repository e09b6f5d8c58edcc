// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "model/span_sink.h"

namespace clew::wire {

// Numbers of Jaeger's Thrift IDL; its protobuf IDL has others.
enum class JaegerTagType : int32_t { kString = 0, kDouble = 1, kBool = 2, kLong = 3, kBinary = 4 };
enum class JaegerRefType : int32_t { kChildOf = 0, kFollowsFrom = 1 };

inline constexpr std::string_view kRefTypeKey = "opentracing.ref_type";
inline constexpr std::string_view kChildOfName = "child_of";
inline constexpr std::string_view kFollowsFromName = "follows_from";

// What a process without a service name calls itself in translations from OTLP.
inline constexpr std::string_view kNoServiceName = "OTLPResourceNoServiceName";

struct JaegerTag {
  std::string_view key{};
  model::ValueView value{};

  bool IsString() const { return value.type == model::ValueView::Type::kString; }
  // The text of a string tag; any other has none.
  std::string_view text() const { return IsString() ? value.text : std::string_view(); }
};

// A tag as the binary formats write it: a field for each type, of which `type` names one.
struct JaegerTagFields {
  std::string_view key{};
  JaegerTagType type = JaegerTagType::kString;
  std::string_view text{};
  double number = 0;
  bool boolean = false;
  int64_t integer = 0;
  std::string_view binary{};

  JaegerTag Tag() const;
};

}  // namespace clew::wire
