// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/memtable.h"

namespace clew::query {

struct TagNames {
  std::vector<std::string> resource, span;  // sorted
};

enum class TagScope : uint8_t { kAny, kResource, kSpan };

// A value as TraceQL types it: string, int, float, bool or keyword.
struct TagValue {
  std::string type;
  std::string value;
  auto operator<=>(const TagValue&) const = default;
};

// Attribute names of visible spans and their resources.
TagNames ListTagNames(const store::Memtable& memtable);

// The values of one attribute, each once, sorted.
std::vector<TagValue> ListTagValues(const store::Memtable& memtable, TagScope scope,
                                    std::string_view key);

// The values of `name`, `rootName`, `rootServiceName`, `status`, `statusMessage` and `kind`, with
// or without their scope; nothing for the others.
std::vector<TagValue> ListIntrinsicValues(const store::Memtable& memtable, std::string_view name);

}  // namespace clew::query
