// SPDX-License-Identifier: Apache-2.0

// The options of span limits and the batch processor, as the environment gives them.
#include <algorithm>

#include "opentelemetry/sdk/common/env_variables.h"
#include "opentelemetry/sdk/trace/batch_span_processor_options.h"
#include "opentelemetry/sdk/trace/span_limits.h"

namespace opentelemetry::inline v1::sdk::trace {

SpanLimits SpanLimits::FromEnvironment() {
  using common::GetUintEnvironmentVariable;
  SpanLimits limits;
  GetUintEnvironmentVariable("OTEL_ATTRIBUTE_COUNT_LIMIT", limits.attribute_count_limit);
  limits.event_attribute_count_limit = limits.attribute_count_limit;
  limits.link_attribute_count_limit = limits.attribute_count_limit;
  GetUintEnvironmentVariable("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", limits.attribute_count_limit);
  GetUintEnvironmentVariable("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT",
                             limits.attribute_value_length_limit);
  GetUintEnvironmentVariable("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT",
                             limits.attribute_value_length_limit);
  GetUintEnvironmentVariable("OTEL_SPAN_EVENT_COUNT_LIMIT", limits.event_count_limit);
  GetUintEnvironmentVariable("OTEL_SPAN_LINK_COUNT_LIMIT", limits.link_count_limit);
  GetUintEnvironmentVariable("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT",
                             limits.event_attribute_count_limit);
  GetUintEnvironmentVariable("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", limits.link_attribute_count_limit);
  return limits;
}

BatchSpanProcessorOptions::BatchSpanProcessorOptions() {
  common::GetDurationEnvironmentVariable("OTEL_BSP_SCHEDULE_DELAY", schedule_delay_millis);
  common::GetDurationEnvironmentVariable("OTEL_BSP_EXPORT_TIMEOUT", export_timeout);
  uint32_t size = 0;
  if (common::GetUintEnvironmentVariable("OTEL_BSP_MAX_QUEUE_SIZE", size) && size > 0) {
    max_queue_size = size;
  }
  if (common::GetUintEnvironmentVariable("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", size) && size > 0) {
    max_export_batch_size = size;
  }
  max_export_batch_size = std::min(max_export_batch_size, max_queue_size);
}

}  // namespace opentelemetry::inline v1::sdk::trace
