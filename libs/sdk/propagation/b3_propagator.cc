// SPDX-License-Identifier: Apache-2.0

// Zipkin's B3, in its two forms:
//
//   b3: {trace}-{span}[-{0|1|d}[-{parent}]]
//   X-B3-TraceId, X-B3-SpanId, X-B3-Sampled (1, 0, true, false), X-B3-Flags (1: debug)
//
// Trace ids have 16 or 32 digits, span ids 16.
#include "opentelemetry/trace/propagation/b3_propagator.h"

#include "opentelemetry/trace/context.h"
#include "sdk/propagation/hex_ids.h"

namespace opentelemetry::inline v1::trace::propagation {
namespace {

constexpr char kB3[] = "b3";
constexpr char kTraceId[] = "X-B3-TraceId";
constexpr char kSpanId[] = "X-B3-SpanId";
constexpr char kSampled[] = "X-B3-Sampled";
constexpr char kFlags[] = "X-B3-Flags";

SpanContext MakeContext(nostd::string_view trace, nostd::string_view span, bool sampled) {
  const bool trace_size_fits = trace.size() == 16 || trace.size() == 32;
  if (!trace_size_fits || span.size() != 16) return SpanContext::GetInvalid();
  const auto trace_id = ParseTraceId(trace);
  const auto span_id = ParseSpanId(span);
  if (!trace_id.has_value() || !span_id.has_value()) return SpanContext::GetInvalid();
  return SpanContext(*trace_id, *span_id, TraceFlags(sampled ? TraceFlags::kIsSampled : 0), true);
}

// The text before the next '-', which is taken off `rest`.
nostd::string_view TakeField(nostd::string_view& rest) {
  const size_t dash = rest.find('-');
  const nostd::string_view field = rest.substr(0, dash);
  rest = dash == nostd::string_view::npos ? "" : rest.substr(dash + 1);
  return field;
}

SpanContext ParseSingle(nostd::string_view rest) {
  const nostd::string_view trace = TakeField(rest);
  const nostd::string_view span = TakeField(rest);
  const nostd::string_view sampled = TakeField(rest);
  return MakeContext(trace, span, sampled == "1" || sampled == "d");
}

SpanContext ParseMulti(const context::propagation::TextMapCarrier& carrier) {
  const nostd::string_view sampled = carrier.Get(kSampled);
  const bool debug = carrier.Get(kFlags) == "1";
  return MakeContext(carrier.Get(kTraceId), carrier.Get(kSpanId),
                     debug || sampled == "1" || sampled == "true");
}

}  // namespace

context::Context B3PropagatorExtractor::Extract(const context::propagation::TextMapCarrier& carrier,
                                                context::Context& context) noexcept {
  SpanContext parsed = ParseSingle(carrier.Get(kB3));
  if (!parsed.IsValid()) parsed = ParseMulti(carrier);
  return parsed.IsValid() ? WithRemoteSpan(context, std::move(parsed)) : context;
}

void B3Propagator::Inject(context::propagation::TextMapCarrier& carrier,
                          const context::Context& context) noexcept {
  const SpanContext span = GetSpan(context)->GetContext();
  if (!span.IsValid()) return;
  carrier.Set(
      kB3, ToHex(span.trace_id()) + "-" + ToHex(span.span_id()) + (span.IsSampled() ? "-1" : "-0"));
}

bool B3Propagator::Fields(nostd::function_ref<bool(nostd::string_view)> callback) const noexcept {
  return callback(kB3);
}

void B3PropagatorMultiHeader::Inject(context::propagation::TextMapCarrier& carrier,
                                     const context::Context& context) noexcept {
  const SpanContext span = GetSpan(context)->GetContext();
  if (!span.IsValid()) return;
  carrier.Set(kTraceId, ToHex(span.trace_id()));
  carrier.Set(kSpanId, ToHex(span.span_id()));
  carrier.Set(kSampled, span.IsSampled() ? "1" : "0");
}

bool B3PropagatorMultiHeader::Fields(
    nostd::function_ref<bool(nostd::string_view)> callback) const noexcept {
  return callback(kTraceId) && callback(kSpanId) && callback(kSampled);
}

}  // namespace opentelemetry::inline v1::trace::propagation
