// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "model/span_sink.h"

namespace clew::wire {

// A value as ordinary JSON, ["a",1], for formats that have no arrays and lists of their
// own. Bytes are base64, a missing value is null.
std::string ToPlainJson(const model::ValueView& value);

}  // namespace clew::wire
