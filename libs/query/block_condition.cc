// SPDX-License-Identifier: Apache-2.0
// A value is tested once for each place in the dictionary of a column that is referred to,
// or one by one where there is none.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "query/attribute_scope.h"
#include "query/condition_filter.h"
#include "store/column_value.h"
#include "store/other_key.h"
#include "wire/otlp_json_value.h"

namespace clew::query {
namespace {

using store::ColumnCells;
using traceql::Intrinsic;
using Rows = std::vector<bool>;

class BlockTest {
 public:
  BlockTest(const Condition& condition, BlockRows& group, Cancellation& cancellation)
      : test_(condition.test), group_(group), cancellation_(cancellation) {}

  base::Result<Rows> Pass(const traceql::Attribute& attribute) {
    for (size_t i = 0; i < group_.columns().size(); ++i) {
      const auto* key = std::get_if<store::AttributeColumnKey>(&group_.columns()[i].holds);
      const bool asked = key != nullptr && key->key == attribute.name &&
                         Asks(attribute.scope, key->scope) && group_.HasValues(i);
      if (!asked) continue;
      if (cancellation_.Look()) break;
      const ColumnCells* const cells = TRY(group_.Cells(i));
      AddPassing(*cells, [&](size_t entry) {
        return PassesAny(ValueOf(store::ValueOfEntry(*cells, key->type, entry)), test_);
      });
    }
    TRY(AddOthers(attribute));
    return std::move(passing_);
  }

  base::Result<Rows> Pass(Intrinsic intrinsic) {
    switch (intrinsic) {
      case Intrinsic::kDuration:
        TRY(AddIntrinsic(store::Intrinsic::kDurationNano,
                         [](const ColumnCells& cells, size_t entry) -> Scalar {
                           return Duration{cells.Int64(entry)};
                         }));
        break;
      case Intrinsic::kName:
        TRY(AddText(store::Intrinsic::kName));
        break;
      case Intrinsic::kStatus:
        TRY(AddIntrinsic(
            store::Intrinsic::kStatusCode,
            [](const ColumnCells& cells, size_t entry) -> Scalar {
              return StatusOf(cells.Int32(entry));
            },
            SpanStatus::kUnset));
        break;
      case Intrinsic::kStatusMessage:
        TRY(AddText(store::Intrinsic::kStatusMessage));
        break;
      case Intrinsic::kKind:
        TRY(AddIntrinsic(
            store::Intrinsic::kKind,
            [](const ColumnCells& cells, size_t entry) -> Scalar {
              return KindOf(cells.Int32(entry));
            },
            SpanKind::kUnspecified));
        break;
      case Intrinsic::kInstrumentationName:
        TRY(AddText(store::Intrinsic::kScopeName));
        break;
      case Intrinsic::kInstrumentationVersion:
        TRY(AddText(store::Intrinsic::kScopeVersion));
        break;
      case Intrinsic::kEventName: {
        if (test_(std::string_view(""))) return Rows(group_.size(), true);  // may be absent
        const ColumnCells* const cells = TRY(group_.Cells(store::Intrinsic::kEventName));
        AddPassing(*cells, [&](size_t entry) { return test_(cells->Bytes(entry)); });
        break;
      }
      default:
        return Rows(group_.size(), true);
    }
    return std::move(passing_);
  }

 private:
  // Adds the rows of entries whose values pass; `passes(entry)` is asked once for each value.
  template <typename Passes>
  void AddPassing(const ColumnCells& cells, Passes passes) {
    static constexpr int8_t kUnknown = -1;
    std::vector<int8_t> known(parquet::CountOf(cells.values()), kUnknown);
    for (size_t row = 0; row < cells.row_count(); ++row) {
      const size_t end = cells.first_entry(row + 1);
      for (size_t entry = cells.first_entry(row); entry < end; ++entry) {
        if (!cells.HasValue(entry)) continue;
        int8_t& of_value = known[cells.PlaceOf(entry)];
        if (of_value == kUnknown) of_value = passes(entry) ? 1 : 0;
        if (of_value != 0) passing_[row] = true;
      }
    }
  }

  // Of what every span has; where the column has no value it is `absent`.
  template <typename Read>
  base::Status AddIntrinsic(store::Intrinsic intrinsic, Read read, Scalar absent = Nil()) {
    const ColumnCells* const cells = TRY(group_.Cells(intrinsic));
    AddPassing(*cells, [&](size_t entry) { return test_(read(*cells, entry)); });
    if (std::holds_alternative<Nil>(absent) || !test_(absent)) return {};
    for (size_t row = 0; row < passing_.size(); ++row) {
      if (!cells->HasValue(row)) passing_[row] = true;
    }
    return {};
  }

  base::Status AddText(store::Intrinsic intrinsic) {
    return AddIntrinsic(
        intrinsic,
        [](const ColumnCells& cells, size_t entry) -> Scalar { return cells.Bytes(entry); },
        std::string_view(""));
  }

  base::Status AddOthers(const traceql::Attribute& attribute) {
    if (!group_.HasValues(group_.other_keys())) return {};
    const ColumnCells* const keys = TRY(group_.Cells(group_.other_keys()));
    const std::vector<bool> asked = AskedOthers(*keys, attribute);
    if (std::ranges::find(asked, true) == asked.end()) return {};
    const ColumnCells* const values = TRY(group_.Cells(group_.other_values()));
    for (size_t row = 0; row < group_.size(); ++row) {
      for (size_t entry = keys->first_entry(row); entry < keys->first_entry(row + 1); ++entry) {
        if (passing_[row] || !keys->HasValue(entry) || !asked[keys->PlaceOf(entry)]) continue;
        passing_[row] = TRY(OtherPasses(*values, entry));
      }
    }
    return {};
  }

  // Which of the dictionary's keys are the attribute.
  std::vector<bool> AskedOthers(const ColumnCells& keys, const traceql::Attribute& attribute) {
    std::vector<bool> asked(parquet::CountOf(keys.values()));
    for (size_t entry = 0; entry < keys.entry_count(); ++entry) {
      if (!keys.HasValue(entry) || asked[keys.PlaceOf(entry)]) continue;
      const std::optional<store::OtherKey> other = store::ParseOtherKey(keys.Bytes(entry));
      asked[keys.PlaceOf(entry)] =
          other && other->key == attribute.name && Asks(attribute.scope, other->scope);
    }
    return asked;
  }

  base::Result<bool> OtherPasses(const ColumnCells& values, size_t entry) const {
    if (entry >= values.entry_count() || !values.HasValue(entry)) return false;
    const wire::OwnedValue value = TRY(wire::ParseOtlpJson(values.Bytes(entry)));
    return PassesAny(ValueOf(value.view()), test_);
  }

  const std::function<bool(const Scalar&)>& test_;
  BlockRows& group_;
  Cancellation& cancellation_;
  Rows passing_ = Rows(group_.size());
};

}  // namespace

base::Result<Rows> RowsThatPass(const Condition& test, BlockRows& group,
                                Cancellation& cancellation) {
  BlockTest of_block(test, group, cancellation);
  if (const auto* attribute = std::get_if<const traceql::Attribute*>(&test.field)) {
    return of_block.Pass(**attribute);
  }
  return of_block.Pass(std::get<Intrinsic>(test.field));
}

}  // namespace clew::query
