// SPDX-License-Identifier: Apache-2.0
// A value is tested once for each place in the dictionary of a column, or one by one where
// there is none.
#include <algorithm>
#include <optional>
#include <utility>

#include "base/bytes.h"
#include "query/attribute_scope.h"
#include "query/coded_match.h"
#include "query/condition_filter.h"
#include "query/other_attributes.h"
#include "store/column_value.h"
#include "wire/otlp_json_value.h"

namespace clew::query {
namespace {

using store::ColumnCells;
using traceql::Intrinsic;

class BlockTest {
 public:
  BlockTest(const Condition& condition, BlockRows& group, Cancellation& cancellation)
      : condition_(condition), test_(condition.test), group_(group), cancellation_(cancellation) {}

  base::Result<RowSet> Pass(const traceql::Attribute& attribute) {
    for (size_t i = 0; i < group_.columns().size(); ++i) {
      const auto* key = std::get_if<store::AttributeColumnKey>(&group_.columns()[i].holds);
      const bool asked = key != nullptr && key->key == attribute.name &&
                         Asks(attribute.scope, key->scope) && group_.HasValues(i);
      if (!asked) continue;
      if (cancellation_.Look()) break;
      if (key->type == store::ColumnType::kString && condition_.text &&
          !TRY(group_.MayContain(i, *condition_.text))) {
        continue;
      }
      TRY(AddColumn(i, key->type == store::ColumnType::kInt,
                    [type = key->type](const ColumnCells& cells, size_t entry) {
                      return ValueOf(store::ValueOfEntry(cells, type, entry)).scalar;
                    }));
    }
    TRY(AddOthers(attribute));
    return std::move(passing_);
  }

  base::Result<RowSet> Pass(Intrinsic intrinsic) {
    switch (intrinsic) {
      case Intrinsic::kDuration:
        TRY(AddColumn(BlockRows::IndexOf(store::Intrinsic::kDurationNano), true,
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
        if (test_(std::string_view(""))) return RowSet::All(group_.size());  // may be absent
        const ColumnCells* const cells = TRY(group_.Cells(store::Intrinsic::kEventName));
        AddPassing(*cells, [&](size_t entry) { return test_(cells->Bytes(entry)); });
        break;
      }
      default:
        return RowSet::All(group_.size());
    }
    return std::move(passing_);
  }

 private:
  // Adds the rows in which a column has a value that passes; `read(cells, entry)` gives one.
  template <typename Read>
  base::Status AddColumn(size_t column, bool whole, const Read& read) {
    if (whole && condition_.whole && !MayHaveWhole(column)) return {};
    if (group_.HasDictionary(column)) return AddWithDictionary(column, read);
    const ColumnCells* const cells = TRY(group_.Cells(column));
    const auto* numbers = std::get_if<std::vector<int64_t>>(&cells->values());
    if (whole && condition_.whole && numbers != nullptr && cells->is_flat() &&
        numbers->size() == group_.size()) {
      AddWhere(numbers->size(), passing_,
               [&](size_t row) { return condition_.whole->Contains((*numbers)[row]); });
      return {};
    }
    const auto* texts = std::get_if<parquet::ByteArrays>(&cells->values());
    if (texts != nullptr && cells->is_flat() && !cells->has_codes()) {
      AddTexts(*cells, *texts);
      return {};
    }
    AddPassing(*cells, [&](size_t entry) { return test_(read(*cells, entry)); });
    return {};
  }

  // Where no value passes, rows need not be read, of which there are many more.
  template <typename Read>
  base::Status AddWithDictionary(size_t column, const Read& read) {
    const std::vector<uint8_t> passing =
        Passing(ColumnCells::OfDictionary(TRY(group_.Dictionary(column))), read);
    if (std::ranges::find(passing, 1) == passing.end()) return {};
    const store::CodedRows* const coded = TRY(group_.Coded(column));
    if (coded != nullptr) {
      AddCoded(*coded, passing, passing_);
      return {};
    }
    const ColumnCells* const cells = TRY(group_.Cells(column));
    AddPassing(*cells, [&](size_t entry) { return passing[cells->PlaceOf(entry)] != 0; });
    return {};
  }

  // Adds the rows whose text, of a flat column without codes, passes.
  void AddTexts(const ColumnCells& cells, const parquet::ByteArrays& texts) {
    if (condition_.regex == nullptr) {
      cells.ForEachPlace([&](size_t row, uint32_t place) {
        if (test_(texts[place])) passing_.Add(row);
      });
      return;
    }
    const std::vector<uint8_t> matches = condition_.regex->MatchAll(texts);
    cells.ForEachPlace([&](size_t row, uint32_t place) {
      if (matches[place] != 0) passing_.Add(row);
    });
  }

  // Of each code whether its value passes, and that of no value, the last, not.
  template <typename Read>
  std::vector<uint8_t> Passing(const ColumnCells& values, const Read& read) {
    const uint32_t absent = values.row_count();
    std::vector<uint8_t> passing(size_t{absent} + 1);
    for (uint32_t code = 0; code < absent && !cancellation_.CancelledAfterRow(); ++code) {
      passing[code] = test_(read(values, code)) ? 1 : 0;
    }
    return passing;
  }

  bool MayHaveWhole(size_t column) const {
    const parquet::Statistics& statistics = group_.statistics(column);
    const WholeRange& range = *condition_.whole;
    if (!statistics.min || !statistics.max) return true;
    if (statistics.min->size() != 8 || statistics.max->size() != 8) return true;
    return base::LoadLittle<int64_t>(statistics.min->data()) <= range.last &&
           base::LoadLittle<int64_t>(statistics.max->data()) >= range.first;
  }

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
        if (of_value != 0) passing_.Add(row);
      }
    }
  }

  // Of what every span has; where the column has no value it is `absent`.
  template <typename Read>
  base::Status AddIntrinsic(store::Intrinsic intrinsic, Read read, const Scalar& absent) {
    const size_t column = BlockRows::IndexOf(intrinsic);
    if (group_.HasValues(column)) TRY(AddColumn(column, false, read));
    if (!test_(absent)) return {};
    const ColumnCells* const cells = TRY(group_.Cells(column));
    AddWhere(group_.size(), passing_, [&](size_t row) { return !cells->HasValue(row); });
    return {};
  }

  base::Status AddText(store::Intrinsic intrinsic) {
    return AddIntrinsic(
        intrinsic,
        [](const ColumnCells& cells, size_t entry) -> Scalar { return cells.Bytes(entry); },
        std::string_view(""));
  }

  base::Status AddOthers(const traceql::Attribute& attribute) {
    if (!TRY(MayBeAmongOthers(attribute, group_))) return {};
    const ColumnCells* const keys = TRY(group_.Cells(group_.other_keys()));
    const std::vector<bool> asked = AskedOthers(keys->values(), attribute);
    std::vector<size_t> entries;
    keys->ForEachPlace([&](size_t entry, uint32_t place) {
      if (asked[place]) entries.push_back(entry);
    });
    const ColumnCells* const values = TRY(group_.Cells(group_.other_values()));
    size_t row = 0;
    for (const size_t entry : entries) {
      while (keys->first_entry(row + 1) <= entry) ++row;
      if (passing_.Has(row)) continue;
      if (TRY(OtherPasses(*values, entry))) passing_.Add(row);
    }
    return {};
  }

  base::Result<bool> OtherPasses(const ColumnCells& values, size_t entry) const {
    if (entry >= values.entry_count() || !values.HasValue(entry)) return false;
    const std::string_view json = values.Bytes(entry);
    if (const auto seen = wire::GlanceAtOtlpJson(json)) return PassesAny(ValueOf(*seen), test_);
    const wire::OwnedValue value = TRY(wire::ParseOtlpJson(json));
    return PassesAny(ValueOf(value.view()), test_);
  }

  const Condition& condition_;
  const std::function<bool(const Scalar&)>& test_;
  BlockRows& group_;
  Cancellation& cancellation_;
  RowSet passing_ = RowSet(group_.size());
};

}  // namespace

base::Result<RowSet> RowsThatPass(const Condition& test, BlockRows& group,
                                  Cancellation& cancellation) {
  BlockTest of_block(test, group, cancellation);
  if (const auto* attribute = std::get_if<const traceql::Attribute*>(&test.field)) {
    return of_block.Pass(**attribute);
  }
  return of_block.Pass(std::get<Intrinsic>(test.field));
}

}  // namespace clew::query
