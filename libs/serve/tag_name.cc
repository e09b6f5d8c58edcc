// SPDX-License-Identifier: Apache-2.0
#include "serve/tag_name.h"

#include <algorithm>
#include <array>

namespace clew::serve {
namespace {

struct Prefix {
  std::string_view text;
  TagScope scope;
};
constexpr Prefix kPrefixes[] = {
    {".", TagScope::kAny}, {"span.", TagScope::kSpan}, {"resource.", TagScope::kResource}};

// The unscoped name of each intrinsic and its scoped form.
struct Intrinsic {
  std::string_view name;
  std::string_view scoped;
};
constexpr std::array<Intrinsic, 7> kIntrinsics = {{{"name", "span:name"},
                                                   {"status", "span:status"},
                                                   {"statusMessage", "span:statusMessage"},
                                                   {"kind", "span:kind"},
                                                   {"duration", "span:duration"},
                                                   {"rootName", "trace:rootName"},
                                                   {"rootServiceName", "trace:rootService"}}};

// `http."method x"` to `http.method x`; empty when a quote is not closed.
std::string Unquote(std::string_view text) {
  std::string key;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') {
      quoted = !quoted;
      continue;
    }
    if (quoted && text[i] == '\\' && i + 1 < text.size()) ++i;
    key.push_back(text[i]);
  }
  return quoted ? std::string() : key;
}

}  // namespace

base::Result<TagName> ParseTagName(std::string_view text) {
  for (const Prefix& prefix : kPrefixes) {
    if (!text.starts_with(prefix.text)) continue;
    std::string key = Unquote(text.substr(prefix.text.size()));
    if (!key.empty()) return TagName{prefix.scope, std::move(key)};
  }
  const auto known = std::ranges::find_if(kIntrinsics, [&](const Intrinsic& intrinsic) {
    return intrinsic.name == text || intrinsic.scoped == text;
  });
  if (known != kIntrinsics.end()) return TagName{TagScope::kIntrinsic, std::string(known->name)};
  return base::Error{
      base::ErrorCode::kInvalidArgument,
      "please provide a valid tagName: '" + std::string(text) +
          "' is neither an intrinsic nor a name like .foo, span.foo or resource.foo"};
}

}  // namespace clew::serve
