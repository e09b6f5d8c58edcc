// SPDX-License-Identifier: Apache-2.0

#include "opentelemetry/sdk/trace/span_data.h"

#include <utility>

namespace opentelemetry::inline v1::sdk::trace {

namespace trace_api = opentelemetry::trace;

void SpanData::SetIdentity(const trace_api::SpanContext& span_context,
                           trace_api::SpanId parent_span_id, bool parent_is_remote) noexcept {
  context_ = span_context;
  parent_span_id_ = parent_span_id;
  parent_is_remote_ = parent_is_remote;
}

bool SpanData::Store(common::AttributeMap& attributes, uint32_t count_limit, nostd::string_view key,
                     const opentelemetry::common::AttributeValue& value) const {
  if (attributes.size() >= count_limit && !attributes.contains(key)) return false;
  common::OwnedAttributeValue owned = common::ToOwned(value);
  common::TruncateStrings(owned, limits_.attribute_value_length_limit);
  attributes[key] = std::move(owned);
  return true;
}

void SpanData::SetAttribute(nostd::string_view key,
                            const opentelemetry::common::AttributeValue& value) noexcept {
  if (key.empty()) return;
  if (!Store(attributes_, limits_.attribute_count_limit, key, value)) ++dropped_attributes_;
}

void SpanData::AddEvent(nostd::string_view name, opentelemetry::common::SystemTimestamp timestamp,
                        const opentelemetry::common::KeyValueIterable& attributes) noexcept {
  if (events_.size() >= limits_.event_count_limit) {
    ++dropped_events_;
    return;
  }
  SpanDataEvent& event = events_.emplace_back();
  event.name = name;
  event.timestamp = timestamp;
  attributes.ForEachKeyValue([&](nostd::string_view key,
                                 opentelemetry::common::AttributeValue value) {
    if (!key.empty() && !Store(event.attributes, limits_.event_attribute_count_limit, key, value)) {
      ++event.dropped_attributes_count;
    }
    return true;
  });
}

void SpanData::AddLink(const trace_api::SpanContext& span_context,
                       const opentelemetry::common::KeyValueIterable& attributes) noexcept {
  if (links_.size() >= limits_.link_count_limit) {
    ++dropped_links_;
    return;
  }
  SpanDataLink& link = links_.emplace_back(SpanDataLink{span_context, {}, 0});
  attributes.ForEachKeyValue([&](nostd::string_view key,
                                 opentelemetry::common::AttributeValue value) {
    if (!key.empty() && !Store(link.attributes, limits_.link_attribute_count_limit, key, value)) {
      ++link.dropped_attributes_count;
    }
    return true;
  });
}

void SpanData::SetStatus(trace_api::StatusCode code, nostd::string_view description) noexcept {
  if (status_ == trace_api::StatusCode::kOk || code == trace_api::StatusCode::kUnset) return;
  status_ = code;
  description_ = code == trace_api::StatusCode::kError ? description : "";
}

}  // namespace opentelemetry::inline v1::sdk::trace
