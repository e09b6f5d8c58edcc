// SPDX-License-Identifier: Apache-2.0

// Jaeger: uber-trace-id: {trace}:{span}:{parent}:{flags}. Ids are hex with
// leading zeros optional; flags are a decimal byte, of which bit 0 is "sampled"
// and bit 1 "debug", which implies it. The value may be URL-encoded.
#include <charconv>

#include "net/http.h"
#include "opentelemetry/trace/context.h"
#include "opentelemetry/trace/propagation/jaeger.h"
#include "sdk/propagation/hex_ids.h"

namespace opentelemetry::inline v1::trace::propagation {
namespace {

constexpr char kUberTraceId[] = "uber-trace-id";
constexpr unsigned kSampled = 1;
constexpr unsigned kDebug = 2;

// The text before the next ':', which is taken off `rest`; nullopt when there is none.
std::optional<nostd::string_view> TakeField(nostd::string_view& rest) {
  const size_t colon = rest.find(':');
  if (colon == nostd::string_view::npos) return std::nullopt;
  const nostd::string_view field = rest.substr(0, colon);
  rest.remove_prefix(colon + 1);
  return field;
}

SpanContext ParseUberTraceId(nostd::string_view value) {
  SpanContext invalid = SpanContext::GetInvalid();
  const auto decoded = clew::net::PercentDecode(value, false);
  if (!decoded.has_value()) return invalid;
  nostd::string_view rest = *decoded;
  const auto trace_field = TakeField(rest);
  const auto span_field = TakeField(rest);
  const auto parent_field = TakeField(rest);
  if (!trace_field.has_value() || !span_field.has_value() || !parent_field.has_value()) {
    return invalid;
  }
  uint8_t flags = 0;
  const char* end = rest.data() + rest.size();
  const auto [stop, error] = std::from_chars(rest.data(), end, flags);
  if (error != std::errc() || stop != end) return invalid;
  const auto trace_id = ParseTraceId(*trace_field);
  const auto span_id = ParseSpanId(*span_field);
  if (!trace_id.has_value() || !span_id.has_value()) return invalid;
  const bool sampled = (flags & (kSampled | kDebug)) != 0;
  return SpanContext(*trace_id, *span_id, TraceFlags(sampled ? TraceFlags::kIsSampled : 0), true);
}

}  // namespace

context::Context JaegerPropagator::Extract(const context::propagation::TextMapCarrier& carrier,
                                           context::Context& context) noexcept {
  SpanContext parsed = ParseUberTraceId(carrier.Get(kUberTraceId));
  return parsed.IsValid() ? WithRemoteSpan(context, std::move(parsed)) : context;
}

void JaegerPropagator::Inject(context::propagation::TextMapCarrier& carrier,
                              const context::Context& context) noexcept {
  const SpanContext span = GetSpan(context)->GetContext();
  if (!span.IsValid()) return;
  carrier.Set(kUberTraceId, ToHex(span.trace_id()) + ":" + ToHex(span.span_id()) +
                                ":0:" + (span.IsSampled() ? "01" : "00"));
}

bool JaegerPropagator::Fields(
    nostd::function_ref<bool(nostd::string_view)> callback) const noexcept {
  return callback(kUberTraceId);
}

}  // namespace opentelemetry::inline v1::trace::propagation
