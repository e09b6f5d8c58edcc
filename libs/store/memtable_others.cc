// SPDX-License-Identifier: Apache-2.0
#include "store/memtable_others.h"

#include <algorithm>
#include <utility>

#include "store/others_builder.h"
#include "wire/otlp_json_value.h"

namespace clew::store {

MemtableOthers::MemtableOthers(const Memtable& memtable, const CoveredOf& covered_of)
    : memtable_(memtable) {
  for (const AttributeScope scope : kAttributeScopes) {
    std::vector<Attribute>& list = ListOf(scope);
    const AttributeColumns& attributes = AttributesOf(memtable, scope);
    for (size_t i = 0; i < attributes.column_count(); ++i) {
      AddColumn(attributes.column(i), covered_of(scope, attributes.column(i)), list);
    }
    // Past the memtable's own cap an attribute is in no column.
    attributes.ForEachOther([&](uint32_t owner, const InternedAttribute& attribute) {
      list.push_back({owner, attribute});
    });
    std::ranges::sort(list);
  }
}

void MemtableOthers::AddColumn(const AttributeColumn& column, const Covered& covered,
                               std::vector<Attribute>& list) {
  const bool* const whole = std::get_if<bool>(&covered);
  if (whole != nullptr && *whole) return;
  column.ForEach(UINT32_MAX, [&](uint32_t owner, uint64_t value) {
    if (whole == nullptr && std::get<1>(covered)(value)) return;
    list.push_back({owner, {column.key(), column.type(), value}});
  });
}

MemtableOthers::Entry MemtableOthers::EntryOf(std::string_view prefix, const Attribute& attribute,
                                              uint32_t row) const {
  Entry entry{.row = row, .key = std::string(prefix), .json = {}};
  entry.key += '.';
  entry.key += memtable_.dictionary()[attribute.interned.key];
  entry.json = wire::ToOtlpJson(ViewOf(attribute.interned, memtable_.dictionary()));
  return entry;
}

// Every row repeats what its resource and scope have.
void MemtableOthers::AddOfOrigins(AttributeScope scope, const MemtableRows& rows,
                                  std::vector<Entry>& entries) const {
  const std::vector<Attribute>& list = ListOf(scope);
  if (list.empty()) return;
  const Groups origins = scope == AttributeScope::kResource ? rows.resources() : rows.scopes();
  for (uint32_t i = 0; i < rows.size(); ++i) {
    for (const Attribute& attribute :
         std::ranges::equal_range(list, origins.of_rows[i], {}, &Attribute::owner)) {
      entries.push_back(EntryOf(ScopeName(scope), attribute, i));
    }
  }
}

void MemtableOthers::AddOfRows(AttributeScope scope, const MemtableRows& rows,
                               std::vector<Entry>& entries) const {
  for (const Attribute& attribute : ListOf(scope)) {
    const uint32_t place = rows.PlaceOf(scope, attribute.owner);
    if (place == MemtableRows::kNowhere) continue;
    if (scope == AttributeScope::kSpan) {
      entries.push_back(EntryOf(ScopeName(scope), attribute, place));
      continue;
    }
    const MemtableRows::Elements& elements = rows.elements(scope);
    const std::string prefix =
        std::string(ScopeName(scope)) + "[" + std::to_string(elements.ordinals[place]) + "]";
    entries.push_back(EntryOf(prefix, attribute, elements.rows[place]));
  }
}

BlockInput::Others MemtableOthers::Of(const MemtableRows& rows) const {
  std::vector<Entry> entries;
  AddOfOrigins(AttributeScope::kResource, rows, entries);
  AddOfOrigins(AttributeScope::kScope, rows, entries);
  AddOfRows(AttributeScope::kSpan, rows, entries);
  AddOfRows(AttributeScope::kEvent, rows, entries);
  AddOfRows(AttributeScope::kLink, rows, entries);
  std::ranges::sort(entries);
  OthersBuilder builder;
  size_t next = 0;
  for (uint32_t row = 0; row < rows.size(); ++row) {
    builder.BeginRow();
    for (; next < entries.size() && entries[next].row == row; ++next) {
      builder.Add(entries[next].key, entries[next].json);
    }
  }
  return builder.Take();
}

}  // namespace clew::store
