// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace opentelemetry::inline v1::nostd {
using std::string_view;
}
