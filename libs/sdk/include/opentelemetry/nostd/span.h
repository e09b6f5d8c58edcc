// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

namespace opentelemetry::inline v1::nostd {
using std::dynamic_extent;
using std::span;
}  // namespace opentelemetry::inline v1::nostd
