// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "opentelemetry/common/key_value_iterable_view.h"
#include "opentelemetry/trace/span_context.h"

namespace opentelemetry::inline v1::trace {

// Links to be read once: span contexts, each with attributes.
class SpanContextKeyValueIterable {
 public:
  using Callback = nostd::function_ref<bool(SpanContext, const common::KeyValueIterable&)>;
  virtual ~SpanContextKeyValueIterable() = default;
  virtual bool ForEachKeyValue(Callback callback) const noexcept = 0;
  virtual size_t size() const noexcept = 0;
};

class NullSpanContext final : public SpanContextKeyValueIterable {
 public:
  bool ForEachKeyValue(Callback) const noexcept override { return true; }
  size_t size() const noexcept override { return 0; }
};

// A container of pairs (span context, container of attributes).
template <typename T>
concept LinkContainer = requires(const T& container) {
  { container.begin()->first } -> std::convertible_to<SpanContext>;
  requires common::KeyValueContainer<std::remove_cvref_t<decltype(container.begin()->second)>>;
};

template <LinkContainer T>
class SpanContextKeyValueIterableView final : public SpanContextKeyValueIterable {
 public:
  explicit SpanContextKeyValueIterableView(const T& links) noexcept : links_(&links) {}

  bool ForEachKeyValue(Callback callback) const noexcept override {
    for (const auto& [context, attributes] : *links_) {
      if (!callback(context, common::MakeKeyValueIterableView(attributes))) return false;
    }
    return true;
  }
  size_t size() const noexcept override { return links_->size(); }

 private:
  const T* links_;
};

using LinkList = std::initializer_list<std::pair<SpanContext, common::AttributeList>>;

}  // namespace opentelemetry::inline v1::trace
