// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

#include "opentelemetry/trace/span.h"

namespace opentelemetry::inline v1::trace {

// A span that records nothing and carries a context: one that came from
// another process, or one that was not sampled.
class DefaultSpan final : public Span {
 public:
  explicit DefaultSpan(SpanContext context) noexcept : context_(std::move(context)) {}
  static DefaultSpan GetInvalid() noexcept { return DefaultSpan(SpanContext::GetInvalid()); }

  void SetAttribute(nostd::string_view, const common::AttributeValue&) noexcept override {}
  void AddEvent(nostd::string_view) noexcept override {}
  void AddEvent(nostd::string_view, common::SystemTimestamp) noexcept override {}
  void AddEvent(nostd::string_view, const common::KeyValueIterable&) noexcept override {}
  void AddEvent(nostd::string_view, common::SystemTimestamp,
                const common::KeyValueIterable&) noexcept override {}
  void AddLink(const SpanContext&, const common::KeyValueIterable&) noexcept override {}
  void SetStatus(StatusCode, nostd::string_view) noexcept override {}
  void UpdateName(nostd::string_view) noexcept override {}
  void End(const EndSpanOptions&) noexcept override {}
  SpanContext GetContext() const noexcept override { return context_; }
  bool IsRecording() const noexcept override { return false; }

 private:
  SpanContext context_;
};

}  // namespace opentelemetry::inline v1::trace
