// SPDX-License-Identifier: Apache-2.0

// W3C trace context:
//
//   traceparent: 00-{32 hex}-{16 hex}-{2 hex}      lower case only
//
// Version 00 has exactly these 55 characters. Of a later version the first 55
// are read, and a dash must follow them if anything does; ff is no version.
#include "opentelemetry/trace/propagation/http_trace_context.h"

#include "opentelemetry/trace/context.h"
#include "sdk/propagation/hex_ids.h"

namespace opentelemetry::inline v1::trace::propagation {
namespace {

constexpr char kTraceParent[] = "traceparent";
constexpr char kTraceState[] = "tracestate";
constexpr size_t kSize = 55;

int HexDigit(char c) {
  return c <= '9' ? c - '0' : c - 'a' + 10;
}

// REQUIRES: IsLowerHex(text) && text.size() == 2
uint8_t ParseHexByte(nostd::string_view text) {
  return static_cast<uint8_t>(HexDigit(text[0]) * 16 + HexDigit(text[1]));
}

SpanContext ParseTraceParent(nostd::string_view text, nostd::string_view trace_state) {
  SpanContext invalid = SpanContext::GetInvalid();
  if (text.size() < kSize || text[2] != '-' || text[35] != '-' || text[52] != '-') return invalid;
  const nostd::string_view version = text.substr(0, 2);
  const nostd::string_view flags = text.substr(53, 2);
  if (!IsLowerHex(version) || version == "ff" || !IsLowerHex(flags)) return invalid;
  if (!IsLowerHex(text.substr(3, 32)) || !IsLowerHex(text.substr(36, 16))) return invalid;
  if (text.size() > kSize && (version == "00" || text[kSize] != '-')) return invalid;
  const auto trace_id = ParseTraceId(text.substr(3, 32));
  const auto span_id = ParseSpanId(text.substr(36, 16));
  if (!trace_id.has_value() || !span_id.has_value()) return invalid;
  return SpanContext(*trace_id, *span_id, TraceFlags(ParseHexByte(flags)), true,
                     TraceState::FromHeader(trace_state));
}

}  // namespace

context::Context HttpTraceContext::Extract(const context::propagation::TextMapCarrier& carrier,
                                           context::Context& context) noexcept {
  SpanContext parsed = ParseTraceParent(carrier.Get(kTraceParent), carrier.Get(kTraceState));
  return parsed.IsValid() ? WithRemoteSpan(context, std::move(parsed)) : context;
}

void HttpTraceContext::Inject(context::propagation::TextMapCarrier& carrier,
                              const context::Context& context) noexcept {
  const SpanContext span = GetSpan(context)->GetContext();
  if (!span.IsValid()) return;
  char flags[2];
  span.trace_flags().ToLowerBase16(flags);
  carrier.Set(kTraceParent, "00-" + ToHex(span.trace_id()) + "-" + ToHex(span.span_id()) + "-" +
                                std::string(flags, sizeof flags));
  if (!span.trace_state()->Empty()) carrier.Set(kTraceState, span.trace_state()->ToHeader());
}

bool HttpTraceContext::Fields(
    nostd::function_ref<bool(nostd::string_view)> callback) const noexcept {
  return callback(kTraceParent) && callback(kTraceState);
}

}  // namespace opentelemetry::inline v1::trace::propagation
