// SPDX-License-Identifier: Apache-2.0
#include "query/block_tag_match.h"

#include <string>
#include <string_view>
#include <utility>

#include "query/keywords.h"
#include "query/tag_match.h"
#include "store/column_value.h"
#include "wire/otlp_json_value.h"

namespace clew::query {
namespace {

using store::AttributeScope;
using store::ColumnCells;

constexpr int8_t kUnknown = -1;

// Calls `visit(row, entry)` for each value of a flat column.
template <typename Visit>
void ForEachValue(const ColumnCells& cells, Visit visit) {
  for (size_t row = 0; row < cells.row_count(); ++row) {
    if (cells.HasValue(row)) visit(row, row);
  }
}

class TagMatcher {
 public:
  TagMatcher(const TagPredicate& predicate, BlockRows& group)
      : predicate_(predicate), group_(group), matches_(group.size()) {}

  base::Result<RowSet> Match() {
    const std::string& key = predicate_.key;
    if (key == "name") {
      TRY(MatchIntrinsic(store::Intrinsic::kName,
                         [](const ColumnCells& cells, size_t row) { return cells.Bytes(row); }));
    } else if (key == "kind") {
      TRY(MatchIntrinsic(store::Intrinsic::kKind, [](const ColumnCells& cells, size_t row) {
        return KindKeyword(cells.Int32(row));
      }));
    } else if (key == "status.code") {
      TRY(MatchIntrinsic(store::Intrinsic::kStatusCode, [](const ColumnCells& cells, size_t row) {
        return StatusKeyword(cells.Int32(row));
      }));
    } else {
      if (key == "error" && Matches("true")) {
        TRY(MatchIntrinsic(store::Intrinsic::kStatusCode, [](const ColumnCells& cells, size_t row) {
          return cells.Int32(row) == 2 ? std::string_view("true") : std::string_view();
        }));
      }
      TRY(MatchAttributes());
      TRY(MatchOthers());
    }
    return std::move(matches_);
  }

 private:
  bool Matches(std::string_view text) const { return ContainsIgnoringCase(text, predicate_.value); }

  // `read` gives the text of a row; an empty one of an intrinsic matches as any other,
  // but for `error`, where it means no.
  template <typename Read>
  base::Status MatchIntrinsic(store::Intrinsic intrinsic, Read read) {
    const ColumnCells* const cells = TRY(group_.Cells(intrinsic));
    const bool flag = predicate_.key == "error";
    std::vector<int8_t> known(parquet::CountOf(cells->values()), kUnknown);
    ForEachValue(*cells, [&](size_t row, size_t entry) {
      int8_t& match = known[cells->PlaceOf(entry)];
      if (match == kUnknown) {
        const std::string_view text = read(*cells, entry);
        match = static_cast<int8_t>(flag ? !text.empty() : Matches(text));
      }
      if (match != 0) matches_.Add(row);
    });
    return {};
  }

  base::Status MatchAttributes() {
    for (size_t column = 0; column < group_.columns().size(); ++column) {
      const auto* attribute =
          std::get_if<store::AttributeColumnKey>(&group_.columns()[column].holds);
      const bool asked = attribute != nullptr && attribute->key == predicate_.key &&
                         !store::IsArray(attribute->type) &&
                         (attribute->scope == AttributeScope::kSpan ||
                          attribute->scope == AttributeScope::kResource);
      if (!asked || !group_.HasValues(column)) continue;
      const ColumnCells* const cells = TRY(group_.Cells(column));
      std::vector<int8_t> known(parquet::CountOf(cells->values()), kUnknown);
      ForEachValue(*cells, [&](size_t row, size_t entry) {
        int8_t& match = known[cells->PlaceOf(entry)];
        if (match == kUnknown) {
          match = static_cast<int8_t>(
              MatchesValue(store::ValueOfEntry(*cells, attribute->type, entry)));
        }
        if (match != 0) matches_.Add(row);
      });
    }
    return {};
  }

  bool MatchesValue(const model::ValueView& value) const {
    if (value.type == model::ValueView::Type::kString) return Matches(value.text);
    const std::string text = TextOf(value);
    return !text.empty() && Matches(text);
  }

  base::Status MatchOthers() {
    if (!group_.HasValues(group_.other_keys())) return {};
    const ColumnCells* const keys = TRY(group_.Cells(group_.other_keys()));
    const ColumnCells* const values = TRY(group_.Cells(group_.other_values()));
    const std::string of_span = "span." + predicate_.key;
    const std::string of_resource = "resource." + predicate_.key;
    for (size_t row = 0; row < group_.size(); ++row) {
      for (size_t entry = keys->first_entry(row); entry < keys->first_entry(row + 1); ++entry) {
        if (!keys->HasValue(entry) || matches_.Has(row)) continue;
        const std::string_view key = keys->Bytes(entry);
        if ((key != of_span && key != of_resource) || entry >= values->entry_count()) continue;
        const wire::OwnedValue value = TRY(wire::ParseOtlpJson(values->Bytes(entry)));
        if (MatchesValue(value.view())) matches_.Add(row);
      }
    }
    return {};
  }

  const TagPredicate& predicate_;
  BlockRows& group_;
  RowSet matches_;
};

}  // namespace

base::Status MatchTag(const TagPredicate& predicate, BlockRows& group, RowSet& rows) {
  rows.Intersect(TRY(TagMatcher(predicate, group).Match()));
  return {};
}

}  // namespace clew::query
