// SPDX-License-Identifier: Apache-2.0
#include "query/eval/memtable_fields.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace clew::query {
namespace {

using traceql::Intrinsic;
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

class AttributeOfRow final : public RowField {
 public:
  AttributeOfRow(const store::Memtable& memtable, const traceql::Attribute& attribute)
      : memtable_(memtable), key_(attribute.name), absent_(AbsentValueOf(attribute)) {
    for (const Scope scope :
         {Scope::kSpan, Scope::kResource, Scope::kEvent, Scope::kLink, Scope::kInstrumentation}) {
      if (attribute.scope == Scope::kAny || attribute.scope == scope) AddPlace(scope);
    }
  }

  Value Read(uint32_t row, TextArena&) const override {
    for (const Place& place : places_) {
      Value value;
      const OwnerRange owners = OwnersOf(place.scope, row);
      for (uint32_t owner = owners.first; owner < owners.end; ++owner) {
        value.Join(ValueIn(place, owner));
      }
      if (!value.is_nil()) return value;
    }
    return absent_;
  }

 private:
  using OwnerRange = store::ElementRange;
  // Where the key may be found among the attributes of one kind of owner.
  struct Place {
    Scope scope;
    const store::AttributeColumns* all;
    std::vector<const store::AttributeColumn*> columns;
  };

  void AddPlace(Scope scope) {
    const store::AttributeColumns& all = ColumnsOf(memtable_, scope);
    Place place{scope, &all, {}};
    for (size_t i = 0; i < all.column_count(); ++i) {
      const store::AttributeColumn& column = all.column(i);
      if (memtable_.dictionary()[column.key()] == key_) place.columns.push_back(&column);
    }
    if (!place.columns.empty() || all.has_others()) places_.push_back(std::move(place));
  }

  OwnerRange OwnersOf(Scope scope, uint32_t row) const {
    const auto one = [](uint32_t owner) { return OwnerRange{owner, owner + 1}; };
    switch (scope) {
      case Scope::kResource:
        return one(memtable_.traits_of(memtable_.row(row)).resource);
      case Scope::kInstrumentation:
        return one(memtable_.traits_of(memtable_.row(row)).scope);
      case Scope::kEvent:
        return memtable_.events_of(row);
      case Scope::kLink:
        return memtable_.links_of(row);
      case Scope::kAny:
      case Scope::kSpan:
        break;
    }
    return one(row);
  }

  Value ValueIn(const Place& place, uint32_t owner) const {
    const store::Dictionary& dictionary = memtable_.dictionary();
    for (const store::AttributeColumn* column : place.columns) {
      if (const auto found = column->Find(owner)) {
        return ValueOf(store::ViewOf({column->key(), column->type(), *found}, dictionary));
      }
    }
    Value value;
    if (!place.all->has_others()) return value;
    place.all->ForEachOtherOf(owner, [&](const store::InternedAttribute& attribute) {
      if (dictionary[attribute.key] == key_) value = ValueOf(store::ViewOf(attribute, dictionary));
    });
    return value;
  }

  const store::Memtable& memtable_;
  const std::string key_;
  const Value absent_;
  std::vector<Place> places_;
};

class IntrinsicOfRow final : public RowField {
 public:
  IntrinsicOfRow(const store::Memtable& memtable, Intrinsic intrinsic)
      : memtable_(memtable), intrinsic_(intrinsic) {}

  Value Read(uint32_t index, TextArena& texts) const override {
    const store::SpanRow& row = memtable_.row(index);
    const store::SpanTraits& traits = memtable_.traits_of(row);
    switch (intrinsic_) {
      case Intrinsic::kDuration:
        return {.scalar = Duration{row.end_unix_nano - row.start_unix_nano}};
      case Intrinsic::kName:
        return Text(row.name);
      case Intrinsic::kStatus:
        return {.scalar = StatusOf(traits.status_code)};
      case Intrinsic::kStatusMessage:
        return Text(traits.status_message);
      case Intrinsic::kKind:
        return {.scalar = KindOf(traits.kind)};
      case Intrinsic::kSpanId:
        return {.scalar = texts.Keep(row.span_id.ToHex())};
      case Intrinsic::kSpanParentId:
        if (!row.parent_span_id.IsValid()) return {.scalar = std::string_view("")};
        return {.scalar = texts.Keep(row.parent_span_id.ToHex())};
      case Intrinsic::kTraceId:
        return {.scalar = WithoutLeadingZeros(texts.Keep(memtable_.trace_id(index).ToHex()))};
      case Intrinsic::kInstrumentationName:
        return Text(memtable_.scope(traits.scope).name);
      case Intrinsic::kInstrumentationVersion:
        return Text(memtable_.scope(traits.scope).version);
      case Intrinsic::kEventName:
      case Intrinsic::kEventTimeSinceStart:
        return OfEvents(index);
      case Intrinsic::kLinkTraceId:
      case Intrinsic::kLinkSpanId:
        return OfLinks(index, texts);
      default:
        return {};
    }
  }

 private:
  Value Text(uint32_t code) const { return {.scalar = memtable_.dictionary()[code]}; }

  Value OfEvents(uint32_t row) const {
    Value value;
    const store::ElementRange events = memtable_.events_of(row);
    for (uint32_t i = events.first; i < events.end; ++i) {
      const store::EventRow& event = memtable_.event(i);
      if (intrinsic_ == Intrinsic::kEventName) {
        value.Join(Text(event.name));
      } else {
        value.Join(Value::Of(Duration{event.time_unix_nano - memtable_.row(row).start_unix_nano}));
      }
    }
    return value;
  }

  Value OfLinks(uint32_t row, TextArena& texts) const {
    Value value;
    const store::ElementRange links = memtable_.links_of(row);
    for (uint32_t i = links.first; i < links.end; ++i) {
      const store::LinkRow& link = memtable_.link(i);
      value.Join(Value::Of(texts.Keep(
          intrinsic_ == Intrinsic::kLinkTraceId ? link.trace_id.ToHex() : link.span_id.ToHex())));
    }
    return value;
  }

  const store::Memtable& memtable_;
  const Intrinsic intrinsic_;
};

}  // namespace

base::Result<std::unique_ptr<RowField>> MemtableFields::Make(const traceql::Attribute& attribute) {
  return std::unique_ptr<RowField>(std::make_unique<AttributeOfRow>(memtable_, attribute));
}

base::Result<std::unique_ptr<RowField>> MemtableFields::Make(Intrinsic intrinsic) {
  return std::unique_ptr<RowField>(std::make_unique<IntrinsicOfRow>(memtable_, intrinsic));
}

base::Result<std::vector<traceql::Attribute>> MemtableFields::Attributes() {
  std::vector<traceql::Attribute> attributes;
  for (const Scope scope : {Scope::kResource, Scope::kSpan}) {
    const store::AttributeColumns& all = ColumnsOf(memtable_, scope);
    std::set<uint32_t> keys;  // dictionary codes
    for (size_t i = 0; i < all.column_count(); ++i) keys.insert(all.column(i).key());
    all.ForEachOther(
        [&](uint32_t, const store::InternedAttribute& other) { keys.insert(other.key); });
    for (const uint32_t key : keys) {
      attributes.push_back({.scope = scope, .name = std::string(memtable_.dictionary()[key])});
    }
  }
  return attributes;
}

}  // namespace clew::query
