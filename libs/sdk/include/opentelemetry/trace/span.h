// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "opentelemetry/common/key_value_iterable_view.h"
#include "opentelemetry/trace/span_context.h"
#include "opentelemetry/trace/span_context_kv_iterable.h"
#include "opentelemetry/trace/span_metadata.h"
#include "opentelemetry/trace/span_startoptions.h"

namespace opentelemetry::inline v1::trace {

// One timed operation. Thread-safe; after End every call but GetContext does
// nothing. Ended at the latest when the last reference goes.
class Span {
 public:
  Span() = default;
  virtual ~Span() = default;
  Span(const Span&) = delete;
  Span& operator=(const Span&) = delete;

  // Replaces the value of a key that is there.
  virtual void SetAttribute(nostd::string_view key,
                            const common::AttributeValue& value) noexcept = 0;
  virtual void AddEvent(nostd::string_view name) noexcept = 0;
  virtual void AddEvent(nostd::string_view name, common::SystemTimestamp timestamp) noexcept = 0;
  virtual void AddEvent(nostd::string_view name,
                        const common::KeyValueIterable& attributes) noexcept = 0;
  virtual void AddEvent(nostd::string_view name, common::SystemTimestamp timestamp,
                        const common::KeyValueIterable& attributes) noexcept = 0;
  virtual void AddLink(const SpanContext& target,
                       const common::KeyValueIterable& attributes) noexcept = 0;
  // Ok is final; kUnset is ignored; a description is kept only with kError.
  virtual void SetStatus(StatusCode code, nostd::string_view description = "") noexcept = 0;
  virtual void UpdateName(nostd::string_view name) noexcept = 0;
  virtual void End(const EndSpanOptions& options = {}) noexcept = 0;
  virtual SpanContext GetContext() const noexcept = 0;
  virtual bool IsRecording() const noexcept = 0;

  void AddEvent(nostd::string_view name, common::AttributeList attributes) noexcept {
    AddEvent(name, common::MakeKeyValueIterableView(attributes));
  }
  void AddEvent(nostd::string_view name, common::SystemTimestamp timestamp,
                common::AttributeList attributes) noexcept {
    AddEvent(name, timestamp, common::MakeKeyValueIterableView(attributes));
  }
  template <common::KeyValueContainer T>
  void AddEvent(nostd::string_view name, const T& attributes) noexcept {
    AddEvent(name, common::MakeKeyValueIterableView(attributes));
  }
  template <common::KeyValueContainer T>
  void AddEvent(nostd::string_view name, common::SystemTimestamp timestamp,
                const T& attributes) noexcept {
    AddEvent(name, timestamp, common::MakeKeyValueIterableView(attributes));
  }
  void AddLink(const SpanContext& target, common::AttributeList attributes) noexcept {
    AddLink(target, common::MakeKeyValueIterableView(attributes));
  }
};

}  // namespace opentelemetry::inline v1::trace
