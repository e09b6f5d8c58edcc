// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "opentelemetry/nostd/function_ref.h"
#include "opentelemetry/nostd/string_view.h"
#include "opentelemetry/version.h"

namespace opentelemetry::inline v1::trace {

// The tracestate list of W3C trace context. Immutable.
class TraceState {
 public:
  static constexpr size_t kMaxKeyValuePairs = 32;

  static std::shared_ptr<TraceState> GetDefault();
  // The empty state when any member is not well formed.
  static std::shared_ptr<TraceState> FromHeader(nostd::string_view header) noexcept;

  std::string ToHeader() const noexcept;
  bool Get(nostd::string_view key, std::string& value) const noexcept;
  // A copy with the member at the front; an equal copy when key or value is not valid, or there
  // is no room.
  std::shared_ptr<TraceState> Set(nostd::string_view key, nostd::string_view value) const noexcept;
  std::shared_ptr<TraceState> Delete(nostd::string_view key) const noexcept;
  bool Empty() const noexcept { return members_.empty(); }
  bool GetAllEntries(
      nostd::function_ref<bool(nostd::string_view, nostd::string_view)> callback) const noexcept;

  static bool IsValidKey(nostd::string_view key);
  static bool IsValidValue(nostd::string_view value);

 private:
  std::vector<std::pair<std::string, std::string>> members_;
};

}  // namespace opentelemetry::inline v1::trace
