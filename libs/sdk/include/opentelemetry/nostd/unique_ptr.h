// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

namespace opentelemetry::inline v1::nostd {
using std::unique_ptr;
}
