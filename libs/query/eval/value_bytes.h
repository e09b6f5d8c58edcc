// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "query/eval/value.h"

namespace clew::query {

// Appends what no other value appends: a key of whatever comes from many sources.
void AppendBytes(const Value& value, std::string& bytes);

// The value that appended the bytes; its texts are views of them.
Value ValueOfBytes(std::string_view bytes);

}  // namespace clew::query
