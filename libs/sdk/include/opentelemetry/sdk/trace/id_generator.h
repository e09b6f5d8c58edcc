// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "opentelemetry/trace/span_id.h"
#include "opentelemetry/trace/trace_id.h"

namespace opentelemetry::inline v1::sdk::trace {

// Makes ids. Thread-safe.
class IdGenerator {
 public:
  explicit IdGenerator(bool is_random = false) : is_random_(is_random) {}
  virtual ~IdGenerator() = default;
  virtual opentelemetry::trace::SpanId GenerateSpanId() noexcept = 0;
  virtual opentelemetry::trace::TraceId GenerateTraceId() noexcept = 0;
  bool IsRandom() const { return is_random_; }

 private:
  bool is_random_;
};

}  // namespace opentelemetry::inline v1::sdk::trace
