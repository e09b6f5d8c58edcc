// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <initializer_list>
#include <utility>

#include "opentelemetry/common/key_value_iterable.h"

namespace opentelemetry::inline v1::common {

// A container of pairs (text, attribute value): a map, a vector of pairs.
template <typename T>
concept KeyValueContainer = requires(const T& container) {
  { container.size() } -> std::convertible_to<size_t>;
  { container.begin()->first } -> std::convertible_to<nostd::string_view>;
  { container.begin()->second } -> std::convertible_to<AttributeValue>;
};

template <KeyValueContainer T>
class KeyValueIterableView final : public KeyValueIterable {
 public:
  explicit KeyValueIterableView(const T& container) noexcept : container_(&container) {}

  bool ForEachKeyValue(nostd::function_ref<bool(nostd::string_view, AttributeValue)> callback)
      const noexcept override {
    for (const auto& [key, value] : *container_) {
      if (!callback(key, value)) return false;
    }
    return true;
  }
  size_t size() const noexcept override { return container_->size(); }

 private:
  const T* container_;
};

using AttributeList = std::initializer_list<std::pair<nostd::string_view, AttributeValue>>;

template <KeyValueContainer T>
KeyValueIterableView<T> MakeKeyValueIterableView(const T& container) noexcept {
  return KeyValueIterableView<T>(container);
}

}  // namespace opentelemetry::inline v1::common
