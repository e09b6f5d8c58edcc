// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "opentelemetry/version.h"

namespace opentelemetry::inline v1::trace {

enum class SpanKind { kInternal, kServer, kClient, kProducer, kConsumer };
enum class StatusCode { kUnset, kOk, kError };
inline constexpr char kIsRootSpanKey[] = "is_root_span";
inline constexpr char kSpanKey[] = "active_span";

}  // namespace opentelemetry::inline v1::trace
