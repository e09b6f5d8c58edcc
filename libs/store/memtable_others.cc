// SPDX-License-Identifier: Apache-2.0
#include "store/memtable_others.h"

#include <algorithm>
#include <utility>

#include "store/others_builder.h"
#include "wire/otlp_json_value.h"

namespace clew::store {

MemtableOthers::MemtableOthers(const Memtable& memtable, const HasColumn& has_column)
    : memtable_(memtable) {
  for (const AttributeScope scope : kAttributeScopes) {
    const auto add = [&](uint32_t owner, const InternedAttribute& attribute) {
      if (!has_column(scope, attribute)) ListOf(scope).push_back({owner, attribute});
    };
    const AttributeColumns& attributes = AttributesOf(memtable, scope);
    for (size_t i = 0; i < attributes.column_count(); ++i) {
      const AttributeColumn& column = attributes.column(i);
      column.ForEach(UINT32_MAX, [&](uint32_t owner, uint64_t value) {
        add(owner, {column.key(), column.type(), value});
      });
    }
    attributes.ForEachOther(add);
    std::ranges::sort(ListOf(scope));
  }
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
  for (uint32_t i = 0; i < rows.size(); ++i) {
    const SpanTraits& traits = memtable_.traits_of(memtable_.row(rows.rows()[i].source));
    const uint32_t origin = scope == AttributeScope::kResource ? traits.resource : traits.scope;
    for (const Attribute& attribute :
         std::ranges::equal_range(list, origin, {}, &Attribute::owner)) {
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
