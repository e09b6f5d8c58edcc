// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "opentelemetry/nostd/span.h"
#include "opentelemetry/nostd/string_view.h"
#include "opentelemetry/nostd/variant.h"
#include "opentelemetry/version.h"

namespace opentelemetry::inline v1::common {

// A borrowed attribute value: valid for the call it is passed to.
using AttributeValue =
    nostd::variant<bool, int32_t, int64_t, uint32_t, double, const char*, nostd::string_view,
                   nostd::span<const bool>, nostd::span<const int32_t>, nostd::span<const int64_t>,
                   nostd::span<const uint32_t>, nostd::span<const double>,
                   nostd::span<const nostd::string_view>, uint64_t, nostd::span<const uint64_t>,
                   nostd::span<const uint8_t>>;

}  // namespace opentelemetry::inline v1::common
