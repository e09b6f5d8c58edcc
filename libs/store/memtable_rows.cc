// SPDX-License-Identifier: Apache-2.0
#include "store/memtable_rows.h"

#include "base/check.h"

namespace clew::store {

const AttributeColumns& AttributesOf(const Memtable& memtable, AttributeScope scope) {
  switch (scope) {
    case AttributeScope::kResource:
      return memtable.resource_attributes();
    case AttributeScope::kScope:
      return memtable.scope_attributes();
    case AttributeScope::kSpan:
      return memtable.span_attributes();
    case AttributeScope::kEvent:
      return memtable.event_attributes();
    case AttributeScope::kLink:
      break;
  }
  return memtable.link_attributes();
}

MemtableRows::MemtableRows(const Memtable& memtable)
    : memtable_(memtable),
      row_places_(memtable.published_rows(), kNowhere),
      event_places_(memtable.event_count(), kNowhere),
      link_places_(memtable.link_count(), kNowhere) {}

void MemtableRows::Take(std::span<const OrderedRow> rows) {
  Forget();
  rows_ = rows;
  for (uint32_t i = 0; i < rows.size(); ++i) {
    row_places_[rows[i].source] = i;
    List(i, memtable_.events_of(rows[i].source), events_, event_places_);
    List(i, memtable_.links_of(rows[i].source), links_, link_places_);
  }
}

void MemtableRows::Forget() {
  for (const OrderedRow& row : rows_) row_places_[row.source] = kNowhere;
  for (const uint32_t event : events_.indexes) event_places_[event] = kNowhere;
  for (const uint32_t link : links_.indexes) link_places_[link] = kNowhere;
  events_ = {};
  links_ = {};
}

void MemtableRows::List(uint32_t row, ElementRange range, Elements& elements,
                        std::vector<uint32_t>& places) {
  if (range.size() == 0) {
    elements.levels.definition.push_back(0);
    elements.levels.repetition.push_back(0);
    return;
  }
  for (uint32_t i = 0; i < range.size(); ++i) {
    places[range.first + i] = static_cast<uint32_t>(elements.indexes.size());
    elements.indexes.push_back(range.first + i);
    elements.rows.push_back(row);
    elements.ordinals.push_back(i);
    elements.levels.definition.push_back(2);
    elements.levels.repetition.push_back(i == 0 ? 0 : 1);
  }
}

const std::vector<uint32_t>& MemtableRows::PlacesOf(AttributeScope scope) const {
  CHECK(scope >= AttributeScope::kSpan);
  if (scope == AttributeScope::kSpan) return row_places_;
  return scope == AttributeScope::kEvent ? event_places_ : link_places_;
}

MemtableRows::Column MemtableRows::Gather(AttributeScope scope,
                                          const AttributeColumn& column) const {
  Column gathered;
  if (scope == AttributeScope::kResource || scope == AttributeScope::kScope) {
    return GatherOfOrigins(scope, column);
  }
  const std::vector<uint32_t>& places = PlacesOf(scope);
  const size_t count =
      scope == AttributeScope::kSpan ? rows_.size() : elements(scope).indexes.size();
  gathered.present.resize(count);
  gathered.values.resize(count);
  column.ForEach(static_cast<uint32_t>(places.size()), [&](uint32_t owner, uint64_t value) {
    const uint32_t place = places[owner];
    if (place == kNowhere) return;
    gathered.present[place] = 1;
    gathered.values[place] = value;
  });
  return gathered;
}

MemtableRows::Column MemtableRows::GatherOfOrigins(AttributeScope scope,
                                                   const AttributeColumn& column) const {
  const bool resource = scope == AttributeScope::kResource;
  const size_t origins = resource ? memtable_.resource_count() : memtable_.scope_count();
  Column of_origins{std::vector<uint8_t>(origins), std::vector<uint64_t>(origins)};
  column.ForEach(static_cast<uint32_t>(origins), [&](uint32_t owner, uint64_t value) {
    of_origins.present[owner] = 1;
    of_origins.values[owner] = value;
  });
  Column gathered{std::vector<uint8_t>(rows_.size()), std::vector<uint64_t>(rows_.size())};
  for (size_t i = 0; i < rows_.size(); ++i) {
    const SpanTraits& traits = memtable_.traits_of(memtable_.row(rows_[i].source));
    const uint32_t origin = resource ? traits.resource : traits.scope;
    gathered.present[i] = of_origins.present[origin];
    gathered.values[i] = of_origins.values[origin];
  }
  return gathered;
}

}  // namespace clew::store
