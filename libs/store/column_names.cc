// SPDX-License-Identifier: Apache-2.0
#include "store/column_names.h"

#include <algorithm>
#include <array>
#include <utility>

namespace clew::store {
namespace {

constexpr std::array<std::string_view, 5> kScopes = {"resource", "scope", "span", "event", "link"};
constexpr std::array<std::string_view, 8> kTypeSuffixes = {
    "@str", "@int", "@double", "@bool", "@str[]", "@int[]", "@double[]", "@bool[]"};
// What every span, event or link has by these names is no attribute.
constexpr std::array<std::string_view, 10> kTaken = {
    "scope.name",   "scope.version",    "event.time", "event.name",   "event.dropped",
    "link.span_id", "link.trace_state", "link.flags", "link.dropped", "link.trace_id"};

std::string_view SuffixOf(ColumnType type) {
  return kTypeSuffixes[static_cast<size_t>(type)];
}

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return lower;
}

bool LooksTyped(std::string_view key) {
  const std::string lower = LowerCase(key);
  return std::ranges::any_of(kTypeSuffixes,
                             [&](std::string_view suffix) { return lower.ends_with(suffix); });
}

std::string PlainName(AttributeScope scope, std::string_view key) {
  std::string name(ScopeName(scope));
  name += '.';
  name += key;
  return name;
}

}  // namespace

std::string_view ScopeName(AttributeScope scope) {
  return kScopes[static_cast<size_t>(scope)];
}

bool IsArray(ColumnType type) {
  return type >= ColumnType::kStringArray;
}

std::optional<AttributeColumnKey> AttributeOfColumn(std::string_view name, ColumnType type) {
  if (std::ranges::find(kTaken, name) != kTaken.end()) return std::nullopt;
  for (size_t scope = 0; scope < kScopes.size(); ++scope) {
    const std::string_view prefix = kScopes[scope];
    if (!name.starts_with(prefix) || name.size() <= prefix.size() || name[prefix.size()] != '.') {
      continue;
    }
    std::string_view key = name.substr(prefix.size() + 1);
    if (key.ends_with(SuffixOf(type))) key.remove_suffix(SuffixOf(type).size());
    return AttributeColumnKey{static_cast<AttributeScope>(scope), std::string(key), type};
  }
  return std::nullopt;
}

ColumnNames::ColumnNames() {
  for (const std::string_view name : kTaken) {
    // Owned by a name that no attribute can have.
    owners_.emplace(name, Owner{.name = {}, .type = ColumnType::kString});
  }
  // What a trace is called by must have a column whatever came first.
  Restore("resource.service.name", ColumnType::kString);
}

std::optional<std::string> ColumnNames::Claim(const AttributeColumnKey& attribute) {
  std::optional<Place> place = Look(attribute);
  if (!place) return std::nullopt;
  if (!place->owned) {
    if (owners_.size() >= kMaxNames) return std::nullopt;
    Restore(place->name, attribute.type);
  }
  return std::move(place->name);
}

std::optional<std::string> ColumnNames::Find(const AttributeColumnKey& attribute) const {
  std::optional<Place> place = Look(attribute);
  if (!place || !place->owned) return std::nullopt;
  return std::move(place->name);
}

void ColumnNames::Restore(std::string_view name, ColumnType type) {
  owners_.insert_or_assign(LowerCase(name), Owner{.name = std::string(name), .type = type});
}

bool ColumnNames::MayRestore(std::string_view name, ColumnType type) const {
  const auto found = owners_.find(LowerCase(name));
  return found == owners_.end() || found->second == Owner{std::string(name), type};
}

std::vector<ColumnNames::Owner> ColumnNames::ClaimedSince(const ColumnNames& before) const {
  std::vector<Owner> claimed;
  for (const auto& [lower, owner] : owners_) {
    if (!before.owners_.contains(lower)) claimed.push_back(owner);
  }
  return claimed;
}

std::optional<ColumnNames::Place> ColumnNames::Look(const AttributeColumnKey& attribute) const {
  if (attribute.key.empty() || LooksTyped(attribute.key)) return std::nullopt;
  const std::string plain = PlainName(attribute.scope, attribute.key);
  for (const std::string& name : {plain, plain + std::string(SuffixOf(attribute.type))}) {
    const auto found = owners_.find(LowerCase(name));
    if (found == owners_.end()) return Place{.name = name, .owned = false};
    if (found->second.name != name) return std::nullopt;  // differs in case only
    if (found->second.type == attribute.type) return Place{.name = name, .owned = true};
  }
  return std::nullopt;
}

}  // namespace clew::store
