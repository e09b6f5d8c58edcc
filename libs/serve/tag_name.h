// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "base/result.h"
#include "query/tags.h"

namespace clew::serve {

// A scope of attributes as TraceQL and the API write it: `event.foo`, scope=event.
struct NamedScope {
  std::string_view name;
  query::TagScope scope;
};
inline constexpr std::array<NamedScope, 5> kAttributeScopes = {
    {{"resource", query::TagScope::kResource},
     {"span", query::TagScope::kSpan},
     {"event", query::TagScope::kEvent},
     {"link", query::TagScope::kLink},
     {"instrumentation", query::TagScope::kInstrumentation}}};

// Names of intrinsics and what they mean: some have two names.
struct Intrinsic {
  std::string_view name;
  std::string_view meaning;
};
std::span<const Intrinsic> Intrinsics();  // sorted by name

// Reads a TraceQL identifier: ".foo", "span.foo", "resource.\"x y\"", "name",
// "span:kind". In quotes \" and \\ are escapes. The key of an intrinsic is what it
// means.
base::Result<query::Tag> ParseTagName(std::string_view text);

}  // namespace clew::serve
