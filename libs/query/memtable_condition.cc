// SPDX-License-Identifier: Apache-2.0
// A text is tested once for each code of the dictionary that occurs, and owners of
// attributes - resources, events - once, whatever the number of their spans.
#include <optional>
#include <utility>

#include "query/condition_filter.h"

namespace clew::query {
namespace {

using traceql::Intrinsic;
using traceql::Scope;

class MemtableTest {
 public:
  MemtableTest(const Condition& condition, const store::Memtable& memtable, uint32_t rows,
               Cancellation& cancellation)
      : test_(condition.test), memtable_(memtable), rows_(rows), cancellation_(cancellation) {}

  RowSet Pass(const traceql::Attribute& attribute) {
    const bool any = attribute.scope == Scope::kAny;
    const auto asks = [&](Scope scope) { return any || attribute.scope == scope; };
    if (asks(Scope::kSpan)) AddSpans(attribute.name);
    if (asks(Scope::kResource)) {
      const RowSet resources =
          Owners(memtable_.resource_attributes(), memtable_.resource_count(), attribute.name);
      AddByTraits([&](const store::SpanTraits& traits) { return resources.Has(traits.resource); });
    }
    if (asks(Scope::kInstrumentation)) {
      const RowSet scopes =
          Owners(memtable_.scope_attributes(), memtable_.scope_count(), attribute.name);
      AddByTraits([&](const store::SpanTraits& traits) { return scopes.Has(traits.scope); });
    }
    if (asks(Scope::kEvent)) {
      AddByRange(Owners(memtable_.event_attributes(), memtable_.event_count(), attribute.name),
                 &store::Memtable::events_of);
    }
    if (asks(Scope::kLink)) {
      AddByRange(Owners(memtable_.link_attributes(), memtable_.link_count(), attribute.name),
                 &store::Memtable::links_of);
    }
    return std::move(passing_);
  }

  RowSet Pass(Intrinsic intrinsic) {
    const store::Dictionary& dictionary = memtable_.dictionary();
    switch (intrinsic) {
      case Intrinsic::kDuration:
        AddByRow([&](const store::SpanRow& row) {
          return test_(Duration{row.end_unix_nano - row.start_unix_nano});
        });
        break;
      case Intrinsic::kName: {
        std::vector<int8_t> known(dictionary.size(), kUnknown);
        AddByRow([&](const store::SpanRow& row) { return PassesText(row.name, known); });
        break;
      }
      case Intrinsic::kStatus:
        AddByTraits([&](const auto& traits) { return test_(StatusOf(traits.status_code)); });
        break;
      case Intrinsic::kStatusMessage:
        AddByTraits([&](const auto& traits) { return test_(dictionary[traits.status_message]); });
        break;
      case Intrinsic::kKind:
        AddByTraits([&](const auto& traits) { return test_(KindOf(traits.kind)); });
        break;
      case Intrinsic::kInstrumentationName:
        AddByTraits([&](const auto& traits) {
          return test_(dictionary[memtable_.scope(traits.scope).name]);
        });
        break;
      case Intrinsic::kInstrumentationVersion:
        AddByTraits([&](const auto& traits) {
          return test_(dictionary[memtable_.scope(traits.scope).version]);
        });
        break;
      case Intrinsic::kEventName: {
        RowSet events(memtable_.event_count());
        for (uint32_t i = 0; i < events.size(); ++i) {
          if (test_(dictionary[memtable_.event(i).name])) events.Add(i);
        }
        AddByRange(events, &store::Memtable::events_of);
        break;
      }
      default:
        return RowSet::All(rows_);
    }
    return std::move(passing_);
  }

 private:
  static constexpr int8_t kUnknown = -1;

  bool PassesText(uint32_t code, std::vector<int8_t>& known) const {
    if (known[code] == kUnknown) known[code] = test_(memtable_.dictionary()[code]) ? 1 : 0;
    return known[code] != 0;
  }

  bool Passes(const store::InternedAttribute& attribute) const {
    return PassesAny(ValueOf(store::ViewOf(attribute, memtable_.dictionary())), test_);
  }

  // The same of a text of which it may be known, by its code. The newest texts, of rows that
  // were published after this began, have no place there.
  bool Passes(const store::InternedAttribute& attribute, std::vector<int8_t>& known) const {
    if (attribute.value >= known.size()) return Passes(attribute);
    int8_t& passes = known[attribute.value];
    if (passes == kUnknown) passes = Passes(attribute) ? 1 : 0;
    return passes != 0;
  }

  template <typename Visit>
  void ForEachOwner(const store::AttributeColumn& column, uint32_t end, const Visit& visit) {
    std::vector<int8_t> known(column.IsText() ? memtable_.dictionary().size() : 0, kUnknown);
    column.ForEach(end, [&](uint32_t owner, uint64_t value) {
      if (cancellation_.CancelledAfterRow()) return false;
      if (Passes({column.key(), column.type(), value}, known)) visit(owner);
      return true;
    });
  }

  // Calls `visit` with the owners below `end` that have a value that passes.
  template <typename Visit>
  void ForEachOwner(const store::AttributeColumns& all, uint32_t end, std::string_view key,
                    const Visit& visit) {
    const store::Dictionary& dictionary = memtable_.dictionary();
    for (size_t i = 0; i < all.column_count(); ++i) {
      if (dictionary[all.column(i).key()] == key) ForEachOwner(all.column(i), end, visit);
    }
    if (!all.has_others()) return;
    all.ForEachOther([&](uint32_t owner, const store::InternedAttribute& attribute) {
      if (owner < end && dictionary[attribute.key] == key && Passes(attribute)) visit(owner);
    });
  }

  void AddSpans(std::string_view key) {
    ForEachOwner(memtable_.span_attributes(), rows_, key,
                 [&](uint32_t owner) { passing_.Add(owner); });
  }

  RowSet Owners(const store::AttributeColumns& all, size_t count, std::string_view key) {
    RowSet owners(count);
    ForEachOwner(all, static_cast<uint32_t>(count), key,
                 [&](uint32_t owner) { owners.Add(owner); });
    return owners;
  }

  template <typename Test>
  void AddByRow(Test test) {
    for (uint32_t row = 0; row < rows_ && !cancellation_.CancelledAfterRow(); ++row) {
      if (test(memtable_.row(row))) passing_.Add(row);
    }
  }

  template <typename Test>
  void AddByTraits(Test test) {
    RowSet traits(memtable_.traits_count());
    for (uint32_t i = 0; i < traits.size(); ++i) {
      if (test(memtable_.traits(i))) traits.Add(i);
    }
    AddByRow([&](const store::SpanRow& row) {
      return row.traits < traits.size() && traits.Has(row.traits);
    });
  }

  void AddByRange(const RowSet& elements,
                  store::ElementRange (store::Memtable::*range_of)(uint32_t) const) {
    if (elements.empty()) return;
    for (uint32_t row = 0; row < rows_ && !cancellation_.CancelledAfterRow(); ++row) {
      const store::ElementRange range = (memtable_.*range_of)(row);
      for (uint32_t i = range.first; i < range.end; ++i) {
        if (i < elements.size() && elements.Has(i)) passing_.Add(row);
      }
    }
  }

  const std::function<bool(const Scalar&)>& test_;
  const store::Memtable& memtable_;
  const uint32_t rows_;
  Cancellation& cancellation_;
  RowSet passing_ = RowSet(rows_);
};

}  // namespace

RowSet RowsThatPass(const Condition& test, const store::Memtable& memtable, uint32_t rows,
                    Cancellation& cancellation) {
  MemtableTest of_memtable(test, memtable, rows, cancellation);
  if (const auto* attribute = std::get_if<const traceql::Attribute*>(&test.field)) {
    return of_memtable.Pass(**attribute);
  }
  return of_memtable.Pass(std::get<Intrinsic>(test.field));
}

}  // namespace clew::query
