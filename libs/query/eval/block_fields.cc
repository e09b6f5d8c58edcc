// SPDX-License-Identifier: Apache-2.0
#include "query/eval/block_fields.h"

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "query/attribute_scope.h"
#include "query/eval/flat_intrinsic.h"
#include "query/other_attributes.h"
#include "query/row_column.h"
#include "store/column_value.h"
#include "store/other_key.h"
#include "wire/otlp_json_value.h"

namespace clew::query {
namespace {

using store::AttributeScope;
using store::ColumnCells;
using traceql::Intrinsic;

// In the order in which an attribute without a scope is looked for.
constexpr std::array kSearched = {AttributeScope::kSpan, AttributeScope::kResource,
                                  AttributeScope::kEvent, AttributeScope::kLink,
                                  AttributeScope::kScope};

class AttributeOfRow final : public RowField {
 public:
  explicit AttributeOfRow(const traceql::Attribute& attribute)
      : key_(attribute.name), absent_(AbsentValueOf(attribute)) {}

  base::Status Open(const traceql::Attribute& attribute, BlockRows& group) {
    for (const AttributeScope scope : kSearched) {
      if (Asks(attribute.scope, scope)) TRY(AddPlace(group, scope));
    }
    if (!TRY(MayBeAmongOthers(attribute, group))) return {};
    keys_ = TRY(group.Cells(group.other_keys()));
    values_ = TRY(group.Cells(group.other_values()));
    return {};
  }

  Value Read(uint32_t row, TextArena& texts) const override {
    for (const Place& place : places_) {
      Value value = place.is_many() ? OfElements(place, row, texts) : OfOne(place, row, texts);
      if (!value.is_nil()) return value;
    }
    return absent_;
  }

 private:
  struct ListColumn {
    const ColumnCells* cells;
    store::ColumnType type;
  };
  struct FlatColumn {
    RowColumn rows;
    store::ColumnType type;
  };
  struct Place {
    AttributeScope scope;
    std::vector<FlatColumn> flat;   // a value a row
    std::vector<ListColumn> lists;  // arrays, and what events and links have
    bool is_many() const {
      return scope == AttributeScope::kEvent || scope == AttributeScope::kLink;
    }
  };

  base::Status AddPlace(BlockRows& group, AttributeScope scope) {
    Place place{scope, {}, {}};
    for (size_t i = 0; i < group.columns().size(); ++i) {
      const auto* column = std::get_if<store::AttributeColumnKey>(&group.columns()[i].holds);
      const bool asked = column != nullptr && column->scope == scope && column->key == key_;
      if (!asked || !group.HasValues(i)) continue;
      if (place.is_many() || store::IsArray(column->type)) {
        place.lists.push_back({TRY(group.Cells(i)), column->type});
      } else {
        place.flat.push_back({TRY(RowColumn::Open(group, i)), column->type});
      }
    }
    places_.push_back(std::move(place));
    return {};
  }

  // Of a span, its resource or its scope.
  Value OfOne(const Place& place, uint32_t row, TextArena& texts) const {
    for (const auto& [rows, type] : place.flat) {
      if (!rows.HasValue(row)) continue;
      Value value = ValueOf(store::ValueOfEntry(rows.values(), type, rows.EntryOf(row)));
      if (!value.is_nil()) return value;
    }
    for (const ListColumn& column : place.lists) {
      Value value = ArrayIn(column, row);
      if (!value.is_nil()) return value;
    }
    Value value;
    ForEachOther(place.scope, row, texts, [&](size_t, Value other) { value = std::move(other); });
    return value;
  }

  // Of its events or its links, in their order.
  Value OfElements(const Place& place, uint32_t row, TextArena& texts) const {
    std::map<size_t, Value> by_ordinal;
    for (const ListColumn& column : place.lists) {
      const size_t first = column.cells->first_entry(row);
      for (size_t entry = first; entry < column.cells->first_entry(row + 1); ++entry) {
        if (column.cells->HasValue(entry)) by_ordinal[entry - first] = EntryIn(column, entry);
      }
    }
    ForEachOther(place.scope, row, texts,
                 [&](size_t ordinal, Value other) { by_ordinal[ordinal] = std::move(other); });
    Value value;
    for (const auto& [ordinal, one] : by_ordinal) value.Join(one);
    return value;
  }

  static Value EntryIn(const ListColumn& column, size_t entry) {
    if (!column.cells->HasValue(entry)) return {};
    return ValueOf(store::ValueOfEntry(*column.cells, column.type, entry));
  }

  // Empty arrays have no column.
  static Value ArrayIn(const ListColumn& column, uint32_t row) {
    Value array;
    const size_t end = column.cells->first_entry(row + 1);
    for (size_t entry = column.cells->first_entry(row); entry < end; ++entry) {
      if (!column.cells->HasValue(entry)) continue;
      array.is_array = true;
      array.elements.push_back(EntryIn(column, entry).scalar);
    }
    return array;
  }

  // What is no JSON of a value there is damaged; a read of the rows says so, here it is none.
  template <typename Visit>
  void ForEachOther(AttributeScope scope, uint32_t row, TextArena& texts, Visit visit) const {
    if (keys_ == nullptr) return;
    for (size_t entry = keys_->first_entry(row); entry < keys_->first_entry(row + 1); ++entry) {
      if (!keys_->HasValue(entry) || entry >= values_->entry_count()) continue;
      const std::optional<store::OtherKey> other = store::ParseOtherKey(keys_->Bytes(entry));
      if (!other || other->scope != scope || other->key != key_) continue;
      const std::string_view json = values_->Bytes(entry);
      if (const auto seen = wire::GlanceAtOtlpJson(json)) {
        visit(other->ordinal, ValueOf(*seen));
        continue;
      }
      const auto parsed = wire::ParseOtlpJson(json);
      if (!parsed.ok()) continue;
      model::ValueView view = parsed.value().view();
      view.text = texts.Keep(std::string(view.text));
      visit(other->ordinal, ValueOf(view));
    }
  }

  const std::string key_;
  const Value absent_;
  std::vector<Place> places_;
  const ColumnCells* keys_ = nullptr;  // of `others`; null: there are none
  const ColumnCells* values_ = nullptr;
};

model::SpanId SpanIdOf(std::string_view bytes) {
  return model::SpanId::FromBytes(bytes);
}

// One that FlatColumnOf has.
class FlatIntrinsic final : public RowField {
 public:
  FlatIntrinsic(Intrinsic intrinsic, const RowColumn& column)
      : intrinsic_(intrinsic), column_(column) {}

  Value Read(uint32_t row, TextArena&) const override {
    if (!column_.HasValue(row)) return AbsentFlat(intrinsic_);
    return ReadFlat(intrinsic_, column_.values(), column_.EntryOf(row));
  }

 private:
  const Intrinsic intrinsic_;
  const RowColumn column_;
};

// The columns that any other intrinsic is made of.
std::vector<store::Intrinsic> ColumnsOf(Intrinsic intrinsic) {
  switch (intrinsic) {
    case Intrinsic::kSpanParentId:
      return {store::Intrinsic::kParentSpanId, store::Intrinsic::kParentRow,
              store::Intrinsic::kRowInTrace, store::Intrinsic::kSpanId};
    case Intrinsic::kTraceId:
      return {store::Intrinsic::kTraceId};
    case Intrinsic::kEventName:
      return {store::Intrinsic::kEventName};
    case Intrinsic::kEventTimeSinceStart:
      return {store::Intrinsic::kEventTime, store::Intrinsic::kStartUnixNano};
    case Intrinsic::kLinkTraceId:
      return {store::Intrinsic::kLinkTraceId};
    case Intrinsic::kLinkSpanId:
      return {store::Intrinsic::kLinkSpanId};
    default:
      return {store::Intrinsic::kSpanId};
  }
}

class IntrinsicOfRow final : public RowField {
 public:
  explicit IntrinsicOfRow(Intrinsic intrinsic) : intrinsic_(intrinsic) {}

  base::Status Open(BlockRows& group) {
    for (const store::Intrinsic column : ColumnsOf(intrinsic_)) {
      cells_.push_back(TRY(group.Cells(column)));
    }
    return {};
  }

  Value Read(uint32_t row, TextArena& texts) const override {
    const ColumnCells& cells = *cells_.front();
    switch (intrinsic_) {
      case Intrinsic::kSpanParentId:
        return {.scalar = ParentId(row, texts)};
      case Intrinsic::kTraceId:
        return {.scalar = WithoutLeadingZeros(
                    texts.Keep(model::TraceId::FromBytes(cells.Bytes(row)).ToHex()))};
      case Intrinsic::kEventName:
      case Intrinsic::kEventTimeSinceStart:
      case Intrinsic::kLinkTraceId:
      case Intrinsic::kLinkSpanId:
        return Elements(row, texts);
      default:
        return {.scalar = texts.Keep(SpanIdOf(cells.Bytes(row)).ToHex())};
    }
  }

 private:
  std::string_view ParentId(uint32_t row, TextArena& texts) const {
    const auto& [own, parent_row, row_in_trace, ids] =
        std::tie(*cells_[0], *cells_[1], *cells_[2], *cells_[3]);
    if (own.HasValue(row)) {
      const model::SpanId named = SpanIdOf(own.Bytes(row));
      return named.IsValid() ? texts.Keep(named.ToHex()) : "";  // the rule's parent is not named
    }
    if (!parent_row.HasValue(row)) return "";
    const int64_t parent = int64_t{row} - row_in_trace.Int32(row) + parent_row.Int32(row);
    if (parent < 0 || parent >= row) return "";  // damaged; a read of the rows says so
    return texts.Keep(SpanIdOf(ids.Bytes(static_cast<size_t>(parent))).ToHex());
  }

  Value Elements(uint32_t row, TextArena& texts) const {
    const ColumnCells& cells = *cells_.front();
    Value value;
    for (size_t entry = cells.first_entry(row); entry < cells.first_entry(row + 1); ++entry) {
      if (!cells.IsElement(entry)) continue;
      value.Join(Value::Of(ElementOf(cells, entry, row, texts)));
    }
    return value;
  }

  Scalar ElementOf(const ColumnCells& cells, size_t entry, uint32_t row, TextArena& texts) const {
    if (intrinsic_ == Intrinsic::kEventName) {
      return cells.HasValue(entry) ? cells.Bytes(entry) : std::string_view("");
    }
    if (!cells.HasValue(entry)) return Nil();
    if (intrinsic_ == Intrinsic::kEventTimeSinceStart) {
      return Duration{cells.Int64(entry) - cells_[1]->Int64(row)};
    }
    if (intrinsic_ == Intrinsic::kLinkSpanId) {
      return texts.Keep(SpanIdOf(cells.Bytes(entry)).ToHex());
    }
    return texts.Keep(model::TraceId::FromBytes(cells.Bytes(entry)).ToHex());
  }

  const Intrinsic intrinsic_;
  std::vector<const ColumnCells*> cells_;
};

}  // namespace

base::Result<std::unique_ptr<RowField>> BlockFields::Make(const traceql::Attribute& attribute) {
  auto field = std::make_unique<AttributeOfRow>(attribute);
  TRY(field->Open(attribute, group_));
  return std::unique_ptr<RowField>(std::move(field));
}

base::Result<std::unique_ptr<RowField>> BlockFields::Make(Intrinsic intrinsic) {
  if (const auto column = FlatColumnOf(intrinsic)) {
    return std::unique_ptr<RowField>(std::make_unique<FlatIntrinsic>(
        intrinsic, TRY(RowColumn::Open(group_, BlockRows::IndexOf(*column)))));
  }
  auto field = std::make_unique<IntrinsicOfRow>(intrinsic);
  TRY(field->Open(group_));
  return std::unique_ptr<RowField>(std::move(field));
}

base::Result<std::vector<traceql::Attribute>> BlockFields::Attributes() {
  std::set<std::pair<AttributeScope, std::string>> found;
  for (size_t i = 0; i < group_.columns().size(); ++i) {
    const auto* column = std::get_if<store::AttributeColumnKey>(&group_.columns()[i].holds);
    if (column != nullptr && group_.HasValues(i)) found.emplace(column->scope, column->key);
  }
  if (group_.HasValues(group_.other_keys())) {
    const ColumnCells* const keys = TRY(group_.Cells(group_.other_keys()));
    std::vector<bool> seen(parquet::CountOf(keys->values()));
    for (size_t entry = 0; entry < keys->entry_count(); ++entry) {
      if (!keys->HasValue(entry) || seen[keys->PlaceOf(entry)]) continue;
      seen[keys->PlaceOf(entry)] = true;
      const std::optional<store::OtherKey> other = store::ParseOtherKey(keys->Bytes(entry));
      if (other) found.emplace(other->scope, other->key);
    }
  }
  std::vector<traceql::Attribute> attributes;
  for (const auto& [scope, key] : found) {
    if (scope == AttributeScope::kSpan) {
      attributes.push_back({.scope = traceql::Scope::kSpan, .name = key});
    } else if (scope == AttributeScope::kResource) {
      attributes.push_back({.scope = traceql::Scope::kResource, .name = key});
    }
  }
  return attributes;
}

}  // namespace clew::query
