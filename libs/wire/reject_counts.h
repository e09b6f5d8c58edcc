// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/span_sink.h"
#include "wire/body.h"

namespace clew::wire {

// The values of model::RejectReason.
inline constexpr size_t kRejectReasons = 4;

// What Validate tells, and the rejected spans by their reason.
struct CountedBody {
  BodySummary summary{};
  std::array<uint64_t, kRejectReasons> rejected{};
};
base::Result<CountedBody> ValidateAndCount(Format format, std::string_view plain);

// Reading JSON takes many times as long as what it says does in protobuf.
bool IsJson(Format format);

// The same, with all that the body says as OTLP in protobuf, but for spans that are rejected.
// The same body always gives the same bytes.
struct TranslatedBody {
  CountedBody counted{};
  std::string otlp{};
};
base::Result<TranslatedBody> ValidateAndTranslate(Format format, std::string_view plain);

}  // namespace clew::wire
