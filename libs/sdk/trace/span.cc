// SPDX-License-Identifier: Apache-2.0

#include "sdk/trace/span.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace opentelemetry::inline v1::sdk::trace {

namespace trace_api = opentelemetry::trace;
using opentelemetry::common::NoopKeyValueIterable;
using opentelemetry::common::SteadyTimestamp;
using opentelemetry::common::SystemTimestamp;

namespace {

SystemTimestamp NowUnlessGiven(SystemTimestamp given) {
  return given == SystemTimestamp() ? SystemTimestamp(std::chrono::system_clock::now()) : given;
}

SteadyTimestamp NowUnlessGiven(SteadyTimestamp given) {
  return given == SteadyTimestamp() ? SteadyTimestamp(std::chrono::steady_clock::now()) : given;
}

}  // namespace

Span::Span(std::shared_ptr<const Tracer> tracer, const SpanStart& start)
    : tracer_(std::move(tracer)),
      context_(start.context),
      start_steady_(NowUnlessGiven(start.options.start_steady_time).time_since_epoch()) {
  const SystemTimestamp start_time = NowUnlessGiven(start.options.start_system_time);
  for (const auto& processor : tracer_->context().processors()) {
    auto recordable = processor->MakeRecordable();
    recordable->SetLimits(tracer_->context().GetSpanLimits());
    recordable->SetIdentity(context_, start.parent.span_id(), start.parent.IsRemote());
    recordable->SetName(start.name);
    recordable->SetSpanKind(start.options.kind);
    recordable->SetStartTime(start_time);
    recordable->SetResource(tracer_->context().GetResource());
    recordable->SetInstrumentationScope(tracer_->GetInstrumentationScope());
    recordables_.push_back(std::move(recordable));
  }
}

void Span::Announce(const trace_api::SpanContext& parent) noexcept {
  const std::lock_guard lock(mutex_);
  for (size_t i = 0; i < recordables_.size(); ++i) {
    tracer_->context().processors()[i]->OnStart(*recordables_[i], parent);
  }
}

void Span::SetAttribute(nostd::string_view key,
                        const opentelemetry::common::AttributeValue& value) noexcept {
  const std::lock_guard lock(mutex_);
  for (const auto& recordable : recordables_) recordable->SetAttribute(key, value);
}

void Span::AddEvent(nostd::string_view name) noexcept {
  AddEvent(name, SystemTimestamp(), NoopKeyValueIterable());
}

void Span::AddEvent(nostd::string_view name, SystemTimestamp timestamp) noexcept {
  AddEvent(name, timestamp, NoopKeyValueIterable());
}

void Span::AddEvent(nostd::string_view name,
                    const opentelemetry::common::KeyValueIterable& attributes) noexcept {
  AddEvent(name, SystemTimestamp(), attributes);
}

void Span::AddEvent(nostd::string_view name, SystemTimestamp timestamp,
                    const opentelemetry::common::KeyValueIterable& attributes) noexcept {
  const SystemTimestamp time = NowUnlessGiven(timestamp);
  const std::lock_guard lock(mutex_);
  for (const auto& recordable : recordables_) recordable->AddEvent(name, time, attributes);
}

void Span::AddLink(const trace_api::SpanContext& target,
                   const opentelemetry::common::KeyValueIterable& attributes) noexcept {
  const std::lock_guard lock(mutex_);
  for (const auto& recordable : recordables_) recordable->AddLink(target, attributes);
}

void Span::SetStatus(trace_api::StatusCode code, nostd::string_view description) noexcept {
  const std::lock_guard lock(mutex_);
  for (const auto& recordable : recordables_) recordable->SetStatus(code, description);
}

void Span::UpdateName(nostd::string_view name) noexcept {
  const std::lock_guard lock(mutex_);
  for (const auto& recordable : recordables_) recordable->SetName(name);
}

void Span::End(const trace_api::EndSpanOptions& options) noexcept {
  std::vector<std::unique_ptr<Recordable>> finished;
  {
    const std::lock_guard lock(mutex_);
    if (ended_) return;
    ended_ = true;
    finished.swap(recordables_);
  }
  const auto end = NowUnlessGiven(options.end_steady_time).time_since_epoch();
  const auto duration = std::max(end - start_steady_, std::chrono::nanoseconds(0));
  for (size_t i = 0; i < finished.size(); ++i) {
    finished[i]->SetDuration(duration);
    tracer_->context().processors()[i]->OnEnd(std::move(finished[i]));
  }
}

bool Span::IsRecording() const noexcept {
  const std::lock_guard lock(mutex_);
  return !ended_;
}

}  // namespace opentelemetry::inline v1::sdk::trace
