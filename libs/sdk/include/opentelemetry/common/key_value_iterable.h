// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "opentelemetry/common/attribute_value.h"
#include "opentelemetry/nostd/function_ref.h"

namespace opentelemetry::inline v1::common {

// Attributes to be read once, whatever container they lie in.
class KeyValueIterable {
 public:
  virtual ~KeyValueIterable() = default;
  // Stops, and returns false, when `callback` returns false.
  virtual bool ForEachKeyValue(
      nostd::function_ref<bool(nostd::string_view, AttributeValue)> callback) const noexcept = 0;
  virtual size_t size() const noexcept = 0;
};

class NoopKeyValueIterable final : public KeyValueIterable {
 public:
  bool ForEachKeyValue(
      nostd::function_ref<bool(nostd::string_view, AttributeValue)>) const noexcept override {
    return true;
  }
  size_t size() const noexcept override { return 0; }
};

}  // namespace opentelemetry::inline v1::common
