// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "opentelemetry/trace/scope.h"
#include "opentelemetry/trace/span.h"

namespace opentelemetry::inline v1::trace {

// Starts spans; the only way to make one. Thread-safe.
class Tracer {
 public:
  virtual ~Tracer() = default;

  // Does not make the span the current one.
  virtual std::shared_ptr<Span> StartSpan(nostd::string_view name,
                                          const common::KeyValueIterable& attributes,
                                          const SpanContextKeyValueIterable& links,
                                          const StartSpanOptions& options = {}) noexcept = 0;
  virtual bool Enabled() const noexcept { return true; }

  std::shared_ptr<Span> StartSpan(nostd::string_view name,
                                  const StartSpanOptions& options = {}) noexcept {
    return StartSpan(name, common::NoopKeyValueIterable(), NullSpanContext(), options);
  }
  std::shared_ptr<Span> StartSpan(nostd::string_view name, common::AttributeList attributes,
                                  const StartSpanOptions& options = {}) noexcept {
    return StartSpan(name, common::MakeKeyValueIterableView(attributes), NullSpanContext(),
                     options);
  }
  std::shared_ptr<Span> StartSpan(nostd::string_view name, common::AttributeList attributes,
                                  LinkList links, const StartSpanOptions& options = {}) noexcept {
    return StartSpan(name, common::MakeKeyValueIterableView(attributes),
                     SpanContextKeyValueIterableView<LinkList>(links), options);
  }
  template <common::KeyValueContainer T>
  std::shared_ptr<Span> StartSpan(nostd::string_view name, const T& attributes,
                                  const StartSpanOptions& options = {}) noexcept {
    return StartSpan(name, common::MakeKeyValueIterableView(attributes), NullSpanContext(),
                     options);
  }
  template <common::KeyValueContainer T, LinkContainer U>
  std::shared_ptr<Span> StartSpan(nostd::string_view name, const T& attributes, const U& links,
                                  const StartSpanOptions& options = {}) noexcept {
    return StartSpan(name, common::MakeKeyValueIterableView(attributes),
                     SpanContextKeyValueIterableView<U>(links), options);
  }

  static Scope WithActiveSpan(std::shared_ptr<Span>& span) noexcept { return Scope(span); }
  static std::shared_ptr<Span> GetCurrentSpan() noexcept {
    return GetSpan(context::RuntimeContext::GetCurrent());
  }
};

}  // namespace opentelemetry::inline v1::trace
