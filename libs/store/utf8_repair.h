// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/span_sink.h"

namespace clew::store {

bool IsUtf8(std::string_view text);

// `text` with every byte that belongs to no UTF-8 sequence replaced by U+FFFD.
std::string RepairUtf8(std::string_view text);

// An array or key-value list whose strings and keys were repaired, at any depth.
struct RepairedValue {
  std::string text;      // the new encoding; without meaning when `strings` is 0
  uint64_t strings = 0;  // how many had to be repaired
};

// REQUIRES: an array or key-value list that was checked, as every ValueView is.
RepairedValue RepairNestedUtf8(const model::ValueView& value);

}  // namespace clew::store
