// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "opentelemetry/context/context.h"
#include "opentelemetry/trace/default_span.h"

namespace opentelemetry::inline v1::trace {

// The span of a context; one with an invalid context when there is none.
inline std::shared_ptr<Span> GetSpan(const context::Context& context) noexcept {
  const context::ContextValue value = context.GetValue(kSpanKey);
  if (const auto* span = std::get_if<std::shared_ptr<Span>>(&value)) return *span;
  return std::make_shared<DefaultSpan>(SpanContext::GetInvalid());
}

inline context::Context SetSpan(const context::Context& context,
                                std::shared_ptr<Span> span) noexcept {
  return context.SetValue(kSpanKey, std::move(span));
}

inline bool IsRootSpan(const context::Context& context) noexcept {
  const context::ContextValue value = context.GetValue(kIsRootSpanKey);
  const bool* root = std::get_if<bool>(&value);
  return root != nullptr && *root;
}

}  // namespace opentelemetry::inline v1::trace
