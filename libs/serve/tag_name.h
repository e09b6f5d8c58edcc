// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace clew::serve {

// Where a tag of /api/v2/search/tag/{name}/values is looked for.
enum class TagScope : uint8_t { kAny, kResource, kSpan, kIntrinsic };

struct TagName {
  TagScope scope;
  std::string key;
};

// Reads a TraceQL identifier: ".foo", "span.foo", "resource.\"x y\"", "name",
// "span:kind". In quotes \" and \\ are escapes.
base::Result<TagName> ParseTagName(std::string_view text);

}  // namespace clew::serve
