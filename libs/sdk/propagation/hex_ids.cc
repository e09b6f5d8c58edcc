// SPDX-License-Identifier: Apache-2.0

#include "sdk/propagation/hex_ids.h"

#include <algorithm>
#include <utility>

#include "model/ids.h"
#include "opentelemetry/trace/context.h"

namespace opentelemetry::inline v1::trace::propagation {

std::optional<TraceId> ParseTraceId(nostd::string_view hex) {
  const auto id = clew::model::TraceId::FromHex(hex);
  if (!id.has_value() || !id->IsValid()) return std::nullopt;
  return TraceId(id->bytes);
}

std::optional<SpanId> ParseSpanId(nostd::string_view hex) {
  const auto id = clew::model::SpanId::FromHex(hex);
  if (!id.has_value() || !id->IsValid()) return std::nullopt;
  return SpanId(id->bytes);
}

std::string ToHex(const TraceId& id) {
  std::string hex(size_t{2} * TraceId::kSize, '0');
  WriteLowerHex(id.Id(), hex);
  return hex;
}

std::string ToHex(const SpanId& id) {
  std::string hex(size_t{2} * SpanId::kSize, '0');
  WriteLowerHex(id.Id(), hex);
  return hex;
}

bool IsLowerHex(nostd::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

context::Context WithRemoteSpan(const context::Context& context, SpanContext span_context) {
  return SetSpan(context, std::make_shared<DefaultSpan>(std::move(span_context)));
}

}  // namespace opentelemetry::inline v1::trace::propagation
