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
      row_places_(memtable.published_rows()),
      event_places_(memtable.event_count()),
      link_places_(memtable.link_count()) {}

void MemtableRows::Take(std::span<const OrderedRow> rows) {
  Forget();
  rows_ = rows;
  for (uint32_t i = 0; i < rows.size(); ++i) {
    row_places_.Take(rows[i].source, i);
    const SpanRow& span = memtable_.row(rows[i].source);
    const SpanTraits& traits = memtable_.traits_of(span);
    spans_.push_back(span);
    traits_.push_back(span.traits);
    resources_.push_back(traits.resource);
    scopes_.push_back(traits.scope);
    List(i, memtable_.events_of(rows[i].source), events_, event_places_);
    List(i, memtable_.links_of(rows[i].source), links_, link_places_);
  }
}

void MemtableRows::Forget() {
  for (const OrderedRow& row : rows_) row_places_.Forget(row.source);
  for (const uint32_t event : events_.indexes) event_places_.Forget(event);
  for (const uint32_t link : links_.indexes) link_places_.Forget(link);
  spans_.clear();
  traits_.clear();
  resources_.clear();
  scopes_.clear();
  events_ = {};
  links_ = {};
}

void MemtableRows::List(uint32_t row, ElementRange range, Elements& elements, Places& places) {
  if (range.size() == 0) {
    elements.levels.definition.push_back(0);
    elements.levels.repetition.push_back(0);
    return;
  }
  for (uint32_t i = 0; i < range.size(); ++i) {
    places.Take(range.first + i, static_cast<uint32_t>(elements.indexes.size()));
    elements.indexes.push_back(range.first + i);
    elements.rows.push_back(row);
    elements.ordinals.push_back(i);
    elements.levels.definition.push_back(2);
    elements.levels.repetition.push_back(i == 0 ? 0 : 1);
  }
}

const MemtableRows::Places& MemtableRows::PlacesOf(AttributeScope scope) const {
  CHECK(scope >= AttributeScope::kSpan);
  if (scope == AttributeScope::kSpan) return row_places_;
  return scope == AttributeScope::kEvent ? event_places_ : link_places_;
}

std::vector<uint32_t> MemtableRows::GatherTexts(AttributeScope scope,
                                                const AttributeColumn& column) const {
  const Places& here = PlacesOf(scope);
  std::vector<uint32_t> codes(CountOf(scope), kNowhere);
  column.ForEachOf(here.taken, [&](uint32_t owner, uint64_t value) {
    codes[here.places[owner]] = static_cast<uint32_t>(value);
  });
  return codes;
}

MemtableRows::Numbers MemtableRows::GatherNumbers(AttributeScope scope,
                                                  const AttributeColumn& column) const {
  const Places& here = PlacesOf(scope);
  Numbers numbers{std::vector<uint8_t>(CountOf(scope)), std::vector<uint64_t>(CountOf(scope))};
  column.ForEachOf(here.taken, [&](uint32_t owner, uint64_t value) {
    numbers.present[here.places[owner]] = 1;
    numbers.values[here.places[owner]] = value;
  });
  return numbers;
}

}  // namespace clew::store
