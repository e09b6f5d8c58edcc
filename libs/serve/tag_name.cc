// SPDX-License-Identifier: Apache-2.0
#include "serve/tag_name.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace clew::serve {
namespace {

constexpr std::array<Intrinsic, 25> kIntrinsics = {
    {{"duration", "duration"},
     {"event:name", "event:name"},
     {"event:timeSinceStart", "event:timeSinceStart"},
     {"instrumentation:name", "instrumentation:name"},
     {"instrumentation:version", "instrumentation:version"},
     {"kind", "kind"},
     {"link:spanID", "link:spanID"},
     {"link:traceID", "link:traceID"},
     {"name", "name"},
     {"rootName", "rootName"},
     {"rootServiceName", "rootServiceName"},
     {"span:duration", "duration"},
     {"span:id", "span:id"},
     {"span:kind", "kind"},
     {"span:name", "name"},
     {"span:parentID", "span:parentID"},
     {"span:status", "status"},
     {"span:statusMessage", "statusMessage"},
     {"status", "status"},
     {"statusMessage", "statusMessage"},
     {"trace:duration", "traceDuration"},
     {"trace:id", "trace:id"},
     {"trace:rootName", "rootName"},
     {"trace:rootService", "rootServiceName"},
     {"traceDuration", "traceDuration"}}};

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

// The attribute that `text` names, when it starts with a scope or a dot.
std::optional<query::Tag> ParseAttribute(std::string_view text) {
  const size_t dot = text.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const std::string_view prefix = text.substr(0, dot);
  const auto* known = std::ranges::find(kAttributeScopes, prefix, &NamedScope::name);
  if (!prefix.empty() && known == kAttributeScopes.end()) return std::nullopt;
  std::string key = Unquote(text.substr(dot + 1));
  if (key.empty()) return std::nullopt;
  return query::Tag{prefix.empty() ? query::TagScope::kAny : known->scope, std::move(key)};
}

}  // namespace

std::span<const Intrinsic> Intrinsics() {
  return kIntrinsics;
}

base::Result<query::Tag> ParseTagName(std::string_view text) {
  if (std::optional<query::Tag> attribute = ParseAttribute(text)) return *std::move(attribute);
  const auto* known = std::ranges::find(kIntrinsics, text, &Intrinsic::name);
  if (known != kIntrinsics.end()) {
    return query::Tag{query::TagScope::kIntrinsic, std::string(known->meaning)};
  }
  return base::Error{
      base::ErrorCode::kInvalidArgument,
      "please provide a valid tagName: '" + std::string(text) +
          "' is neither an intrinsic nor a name like .foo, span.foo or resource.foo"};
}

}  // namespace clew::serve
