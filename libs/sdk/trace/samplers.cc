// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <cmath>
#include <utility>

#include "opentelemetry/sdk/trace/samplers/parent.h"
#include "opentelemetry/sdk/trace/samplers/trace_id_ratio.h"

namespace opentelemetry::inline v1::sdk::trace {

namespace trace_api = opentelemetry::trace;

namespace {

uint64_t LowBits(const trace_api::TraceId& id) {
  uint64_t bits = 0;
  for (const uint8_t byte : id.Id().last<8>()) bits = bits << 8 | byte;
  return bits >> 1;
}

}  // namespace

TraceIdRatioBasedSampler::TraceIdRatioBasedSampler(double ratio) {
  // NaN counts as zero.
  const double clamped = ratio > 0 ? std::min(ratio, 1.0) : 0.0;
  threshold_ = static_cast<uint64_t>(std::ldexp(clamped, 63));
  description_ = "TraceIdRatioBased{" + std::to_string(clamped) + "}";
}

// NOLINTNEXTLINE(readability-function-size): opentelemetry-cpp's signature
SamplingResult TraceIdRatioBasedSampler::ShouldSample(
    const trace_api::SpanContext&, trace_api::TraceId trace_id, nostd::string_view,
    trace_api::SpanKind, const opentelemetry::common::KeyValueIterable&,
    const trace_api::SpanContextKeyValueIterable&) noexcept {
  const bool keep = LowBits(trace_id) < threshold_;
  return {keep ? Decision::RECORD_AND_SAMPLE : Decision::DROP, nullptr, nullptr};
}

ParentBasedSampler::ParentBasedSampler(std::shared_ptr<Sampler> root,
                                       std::shared_ptr<Sampler> remote_sampled,
                                       std::shared_ptr<Sampler> remote_not_sampled,
                                       std::shared_ptr<Sampler> local_sampled,
                                       std::shared_ptr<Sampler> local_not_sampled)
    : root_(std::move(root)),
      remote_sampled_(std::move(remote_sampled)),
      remote_not_sampled_(std::move(remote_not_sampled)),
      local_sampled_(std::move(local_sampled)),
      local_not_sampled_(std::move(local_not_sampled)),
      description_("ParentBased{" + std::string(root_->GetDescription()) + "}") {}

// NOLINTNEXTLINE(readability-function-size): opentelemetry-cpp's signature
SamplingResult ParentBasedSampler::ShouldSample(
    const trace_api::SpanContext& parent_context, trace_api::TraceId trace_id,
    nostd::string_view name, trace_api::SpanKind span_kind,
    const opentelemetry::common::KeyValueIterable& attributes,
    const trace_api::SpanContextKeyValueIterable& links) noexcept {
  Sampler* chosen = root_.get();
  if (parent_context.IsValid() && parent_context.IsRemote()) {
    chosen = parent_context.IsSampled() ? remote_sampled_.get() : remote_not_sampled_.get();
  } else if (parent_context.IsValid()) {
    chosen = parent_context.IsSampled() ? local_sampled_.get() : local_not_sampled_.get();
  }
  return chosen->ShouldSample(parent_context, trace_id, name, span_kind, attributes, links);
}

}  // namespace opentelemetry::inline v1::sdk::trace
