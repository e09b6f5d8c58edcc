// SPDX-License-Identifier: Apache-2.0

#include "opentelemetry/sdk/trace/tracer.h"

#include "opentelemetry/trace/default_span.h"
#include "sdk/trace/span.h"

namespace opentelemetry::inline v1::sdk::trace {

namespace trace_api = opentelemetry::trace;

namespace {

trace_api::SpanContext ParentOf(const trace_api::StartSpanOptions& options) {
  if (const auto* context = std::get_if<context::Context>(&options.parent)) {
    if (trace_api::IsRootSpan(*context)) return trace_api::SpanContext::GetInvalid();
    return trace_api::GetSpan(*context)->GetContext();
  }
  const auto& parent = std::get<trace_api::SpanContext>(options.parent);
  return parent.IsValid() ? parent : trace_api::Tracer::GetCurrentSpan()->GetContext();
}

uint8_t FlagsFor(const SamplingResult& decision, const trace_api::SpanContext& parent,
                 bool ids_are_random) {
  const bool random = parent.IsValid() ? parent.trace_flags().IsRandom() : ids_are_random;
  return static_cast<uint8_t>((decision.IsSampled() ? trace_api::TraceFlags::kIsSampled : 0) |
                              (random ? trace_api::TraceFlags::kIsRandom : 0));
}

}  // namespace

std::shared_ptr<trace_api::Span> Tracer::StartSpan(
    nostd::string_view name, const opentelemetry::common::KeyValueIterable& attributes,
    const trace_api::SpanContextKeyValueIterable& links,
    const trace_api::StartSpanOptions& options) noexcept {
  const trace_api::SpanContext parent = ParentOf(options);
  if (context_->is_shut_down()) return std::make_shared<trace_api::DefaultSpan>(parent);
  IdGenerator& ids = context_->GetIdGenerator();
  const trace_api::TraceId trace_id = parent.IsValid() ? parent.trace_id() : ids.GenerateTraceId();
  const SamplingResult decision =
      context_->GetSampler().ShouldSample(parent, trace_id, name, options.kind, attributes, links);
  const trace_api::SpanContext span_context(
      trace_id, ids.GenerateSpanId(),
      trace_api::TraceFlags(FlagsFor(decision, parent, ids.IsRandom())), false,
      decision.trace_state != nullptr ? decision.trace_state : parent.trace_state());
  if (!decision.IsRecording()) return std::make_shared<trace_api::DefaultSpan>(span_context);

  auto span =
      std::make_shared<Span>(shared_from_this(), SpanStart{span_context, parent, name, options});
  attributes.ForEachKeyValue(
      [&](nostd::string_view key, opentelemetry::common::AttributeValue value) {
        span->SetAttribute(key, value);
        return true;
      });
  if (decision.attributes != nullptr) {
    for (const auto& [key, value] : *decision.attributes) span->SetAttribute(key, value);
  }
  links.ForEachKeyValue([&](const trace_api::SpanContext& target,
                            const opentelemetry::common::KeyValueIterable& link_attributes) {
    span->AddLink(target, link_attributes);
    return true;
  });
  span->Announce(parent);
  return span;
}

}  // namespace opentelemetry::inline v1::sdk::trace
