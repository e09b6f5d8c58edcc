// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "opentelemetry/context/runtime_context.h"
#include "opentelemetry/trace/context.h"

namespace opentelemetry::inline v1::trace {

// Makes a span the current one of this thread for its own lifetime. Not to be
// held across a suspension: pass the context instead.
class Scope final {
 public:
  explicit Scope(const std::shared_ptr<Span>& span) noexcept
      : token_(
            context::RuntimeContext::Attach(SetSpan(context::RuntimeContext::GetCurrent(), span))) {
  }

 private:
  std::unique_ptr<context::Token> token_;
};

}  // namespace opentelemetry::inline v1::trace
