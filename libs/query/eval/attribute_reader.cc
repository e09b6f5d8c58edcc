// SPDX-License-Identifier: Apache-2.0
#include "query/eval/attribute_reader.h"

namespace clew::query {
namespace {

using traceql::Scope;

const store::AttributeColumns& ColumnsOf(const store::Memtable& memtable, Scope scope) {
  switch (scope) {
    case Scope::kResource:
      return memtable.resource_attributes();
    case Scope::kEvent:
      return memtable.event_attributes();
    case Scope::kLink:
      return memtable.link_attributes();
    case Scope::kInstrumentation:
      return memtable.scope_attributes();
    case Scope::kAny:
    case Scope::kSpan:
      break;
  }
  return memtable.span_attributes();
}

}  // namespace

AttributeReader::AttributeReader(const store::Memtable& memtable,
                                 const traceql::Attribute& attribute)
    : memtable_(memtable), attribute_(attribute) {
  if (attribute.scope != Scope::kAny) {
    AddPlace(attribute.scope);
    return;
  }
  for (const Scope scope :
       {Scope::kSpan, Scope::kResource, Scope::kEvent, Scope::kLink, Scope::kInstrumentation}) {
    AddPlace(scope);
  }
}

void AttributeReader::AddPlace(Scope scope) {
  const store::AttributeColumns& all = ColumnsOf(memtable_, scope);
  Place place{scope, &all, {}};
  for (size_t i = 0; i < all.column_count(); ++i) {
    const store::AttributeColumn& column = all.column(i);
    if (memtable_.dictionary()[column.key()] == attribute_.name) place.columns.push_back(&column);
  }
  if (!place.columns.empty() || all.has_others()) places_.push_back(std::move(place));
}

Value AttributeReader::Read(uint32_t row) const {
  for (const Place& place : places_) {
    Value value = ReadPlace(place, row);
    if (!value.is_nil()) return value;
  }
  return {};
}

Value AttributeReader::ReadPlace(const Place& place, uint32_t row) const {
  Value value;
  switch (place.scope) {
    case Scope::kResource:
      AddOwner(place, memtable_.traits_of(memtable_.row(row)).resource, value);
      break;
    case Scope::kInstrumentation:
      AddOwner(place, memtable_.traits_of(memtable_.row(row)).scope, value);
      break;
    case Scope::kEvent:
      AddRange(place, memtable_.events_of(row), value);
      break;
    case Scope::kLink:
      AddRange(place, memtable_.links_of(row), value);
      break;
    case Scope::kAny:
    case Scope::kSpan:
      AddOwner(place, row, value);
      break;
  }
  return value;
}

void AttributeReader::AddRange(const Place& place, store::ElementRange owners, Value& value) const {
  for (uint32_t owner = owners.first; owner < owners.end; ++owner) AddOwner(place, owner, value);
}

void AttributeReader::AddOwner(const Place& place, uint32_t owner, Value& value) const {
  const store::Dictionary& dictionary = memtable_.dictionary();
  const auto add = [&](const store::InternedAttribute& attribute) {
    ValueOf(store::ViewOf(attribute, dictionary)).ForEach([&](const Scalar& one) {
      value.Add(one);
    });
  };
  for (const store::AttributeColumn* column : place.columns) {
    if (const auto found = column->Find(owner)) add({column->key(), column->type(), *found});
  }
  if (!place.all->has_others()) return;
  place.all->ForEachOtherOf(owner, [&](const store::InternedAttribute& attribute) {
    if (dictionary[attribute.key] == attribute_.name) add(attribute);
  });
}

}  // namespace clew::query
