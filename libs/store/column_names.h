// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clew::store {

// What an attribute belongs to; the first part of its column's name.
enum class AttributeScope : uint8_t { kResource, kScope, kSpan, kEvent, kLink };
inline constexpr AttributeScope kAttributeScopes[] = {
    AttributeScope::kResource, AttributeScope::kScope, AttributeScope::kSpan,
    AttributeScope::kEvent, AttributeScope::kLink};
// Types of values that have columns. Everything else (nested values, mixed and empty
// arrays, bytes, no value) goes to the column `others`.
enum class ColumnType : uint8_t {
  kString,
  kInt,
  kDouble,
  kBool,
  kStringArray,
  kIntArray,
  kDoubleArray,
  kBoolArray
};
inline constexpr size_t kColumnTypes = 8;

// "resource", "scope", "span", "event", "link".
std::string_view ScopeName(AttributeScope scope);
bool IsArray(ColumnType type);

// An attribute of one type, as a block has columns for it.
struct AttributeColumnKey {
  AttributeScope scope{};
  std::string key;
  ColumnType type{};
  auto operator<=>(const AttributeColumnKey&) const = default;
};

// The attribute that a column of spans.parquet holds; nullopt when the name is that
// of no attribute.
std::optional<AttributeColumnKey> AttributeOfColumn(std::string_view name, ColumnType type);

// Which column of a tenant's blocks holds which attribute. The type that a key was
// first seen with owns the plain name, span.<key>, for ever, so a name has one type
// in all blocks; another type of that key is span.<key>@int and so on. Readers of
// SQL do not regard case, so of keys that differ in case only the first has columns.
// Keys that look like a typed name and keys named as what every span has (scope.name,
// event.time, …) have none. Not thread-safe.
class ColumnNames {
 public:
  // More names than this are not claimed: what comes later has no column.
  static constexpr size_t kMaxNames = 16384;

  ColumnNames();

  // The column of that attribute, claimed if it is new and the name is free; nullopt
  // when it has none.
  std::optional<std::string> Claim(const AttributeColumnKey& attribute);
  // The same for what was claimed before; nothing is claimed.
  std::optional<std::string> Find(const AttributeColumnKey& attribute) const;

  // Takes over a claim that was made earlier, for instance one from the catalog.
  void Restore(std::string_view name, ColumnType type);
  // Whether nothing else has the name, regarding no case.
  bool MayRestore(std::string_view name, ColumnType type) const;

  struct Owner {
    std::string name;
    ColumnType type{};
    bool operator==(const Owner&) const = default;
  };
  // What was claimed and is not among what was `before`, for keeping.
  std::vector<Owner> ClaimedSince(const ColumnNames& before) const;

 private:
  // The name an attribute has, or would have if it were claimed.
  struct Place {
    std::string name;
    bool owned = false;
  };
  std::optional<Place> Look(const AttributeColumnKey& attribute) const;

  std::map<std::string, Owner, std::less<>> owners_;  // by lower-case name
};

}  // namespace clew::store
