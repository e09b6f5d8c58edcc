// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <variant>

namespace opentelemetry::inline v1::nostd {
using std::get;
using std::get_if;
using std::holds_alternative;
using std::monostate;
using std::variant;
using std::visit;
}  // namespace opentelemetry::inline v1::nostd
