// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "opentelemetry/nostd/variant.h"
#include "opentelemetry/version.h"

namespace opentelemetry::inline v1::trace {
class Span;
class SpanContext;
}  // namespace opentelemetry::inline v1::trace

namespace opentelemetry::inline v1::context {

using ContextValue =
    nostd::variant<nostd::monostate, bool, int64_t, uint64_t, double, std::shared_ptr<trace::Span>,
                   std::shared_ptr<trace::SpanContext>>;

}  // namespace opentelemetry::inline v1::context
