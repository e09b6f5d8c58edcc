// SPDX-License-Identifier: Apache-2.0
#include "ingest/redact/redact_rules.h"

#include <algorithm>
#include <utility>

namespace clew::ingest {
namespace {

struct ScopeName {
  std::string_view prefix;
  std::optional<AttributeScope> scope;
};
constexpr ScopeName kScopes[] = {
    {".", std::nullopt},
    {"resource.", AttributeScope::kResource},
    {"instrumentation.", AttributeScope::kInstrumentation},
    {"span.", AttributeScope::kSpan},
    {"event.", AttributeScope::kEvent},
    {"link.", AttributeScope::kLink},
};

base::Error NoRule(const std::string& text, const std::string& why) {
  return {base::ErrorCode::kInvalidArgument, "redact rule '" + text + "' " + why};
}

}  // namespace

base::Result<RedactRules::Rule> RedactRules::ParseRule(const std::string& text) {
  Rule rule;
  std::string_view key = text;
  if (key.starts_with("drop:")) {
    rule.action = RedactAction::kDrop;
  } else if (key.starts_with("hash:")) {
    rule.action = RedactAction::kHash;
  } else {
    return NoRule(text, "must begin with drop: or hash:");
  }
  key.remove_prefix(5);
  for (const ScopeName& scope : kScopes) {
    if (!key.starts_with(scope.prefix)) continue;
    rule.scope = scope.scope;
    key.remove_prefix(scope.prefix.size());
    break;
  }
  if (key.ends_with('*')) {
    rule.is_prefix = true;
    key.remove_suffix(1);
  }
  if (key.empty() && !rule.is_prefix) return NoRule(text, "names no attribute");
  if (key.find('*') != std::string_view::npos)
    return NoRule(text, "may have a '*' at its end only");
  rule.key = key;
  return rule;
}

base::Result<RedactRules> RedactRules::Parse(const std::vector<std::string>& rules) {
  RedactRules parsed;
  for (const std::string& text : rules) parsed.rules_.push_back(TRY(ParseRule(text)));
  return parsed;
}

RedactAction RedactRules::ActionFor(AttributeScope scope, std::string_view key) const {
  for (const Rule& rule : rules_) {
    if (rule.scope && *rule.scope != scope) continue;
    if (rule.is_prefix ? key.starts_with(rule.key) : key == rule.key) return rule.action;
  }
  return RedactAction::kKeep;
}

bool RedactRules::hashes() const {
  return std::ranges::any_of(rules_,
                             [](const Rule& rule) { return rule.action == RedactAction::kHash; });
}

}  // namespace clew::ingest
