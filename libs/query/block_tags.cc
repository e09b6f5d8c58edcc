// SPDX-License-Identifier: Apache-2.0
// Where all rows of a row group start in the range, metadata answers: a column that
// is not all null has its name, and its dictionary has its values. Only row groups that
// the range cuts are read row by row.
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "query/block_rows.h"
#include "query/cancellation.h"
#include "query/keywords.h"
#include "query/source_tags.h"
#include "store/column_value.h"
#include "store/other_key.h"
#include "wire/otlp_json_value.h"

namespace clew::query {
namespace {

using store::AttributeColumnKey;
using store::AttributeScope;
using store::ColumnCells;

bool IsIn(AttributeScope own, TagScope asked) {
  switch (own) {
    case AttributeScope::kResource:
      return asked == TagScope::kResource || asked == TagScope::kAny;
    case AttributeScope::kSpan:
      return asked == TagScope::kSpan || asked == TagScope::kAny;
    case AttributeScope::kScope:
      return asked == TagScope::kInstrumentation;
    case AttributeScope::kEvent:
      return asked == TagScope::kEvent;
    case AttributeScope::kLink:
      break;
  }
  return asked == TagScope::kLink;
}

class BlockTags {
 public:
  BlockTags(const store::Block& block, const TagQuestion& question)
      : block_(block), question_(question), cancellation_(question.cancelled) {}

  // Calls `read(rows)` for each row group with rows in the range.
  template <typename Read>
  base::Status ForEachGroup(Read read) {
    const store::Block::Spans spans = TRY(block_.OpenSpans());
    if (question_.counters() != nullptr) ++question_.counters()->blocks;
    for (size_t group = 0; group < spans.file().row_group_count(); ++group) {
      if (cancellation_.Look()) return QueryCancelled();
      std::optional<BlockRows> rows = TRY(BlockRows::Open(spans, group, question_.range));
      Count(rows, question_.counters());
      if (rows) TRY(read(*rows));
    }
    return {};
  }

  // The names of all row groups are asked for in one scope, one group after the other.
  base::Status AddNames(BlockRows& rows, TagScope scope, TagNames& names) {
    if (!looked_for_names_) unnamed_ = ColumnsWithout(names, scope, rows);
    looked_for_names_ = true;
    std::vector<size_t> still;
    for (const size_t column : unnamed_) {
      const bool found =
          rows.HasValues(column) && (rows.whole() || TRY(HasValueInRange(rows, column)));
      if (found) {
        names.insert(std::get<AttributeColumnKey>(rows.columns()[column].holds).key);
      } else {
        still.push_back(column);
      }
    }
    unnamed_ = std::move(still);
    return AddOtherNames(rows, scope, names);
  }

  base::Status AddValues(BlockRows& rows, const Tag& tag, TagValues& values) {
    if (tag.scope == TagScope::kIntrinsic) return AddIntrinsic(rows, tag.key, values);
    for (size_t column = 0; column < rows.columns().size(); ++column) {
      const auto* attribute = std::get_if<AttributeColumnKey>(&rows.columns()[column].holds);
      const bool asked = attribute != nullptr && IsIn(attribute->scope, tag.scope) &&
                         attribute->key == tag.key && !store::IsArray(attribute->type);
      if (!asked || !rows.HasValues(column)) continue;
      const ColumnCells* const cells = TRY(rows.Cells(column));
      ForEachDistinct(rows, *cells, [&](size_t entry) {
        AddTagValue(store::ValueOfEntry(*cells, attribute->type, entry), values);
      });
    }
    return ForEachOther(
        rows,
        [&](const store::OtherKey& key) {
          return IsIn(key.scope, tag.scope) && key.key == tag.key;
        },
        [&](const store::OtherKey&, std::string_view json) -> base::Status {
          const wire::OwnedValue value = TRY(wire::ParseOtlpJson(json));
          AddTagValue(value.view(), values);
          return {};
        });
  }

 private:
  // Columns of the scope whose names are not known.
  static std::vector<size_t> ColumnsWithout(const TagNames& names, TagScope scope,
                                            const BlockRows& rows) {
    std::vector<size_t> columns;
    for (size_t column = 0; column < rows.columns().size(); ++column) {
      const auto* attribute = std::get_if<AttributeColumnKey>(&rows.columns()[column].holds);
      const bool asked = attribute != nullptr && IsIn(attribute->scope, scope);
      if (asked && !names.contains(attribute->key)) columns.push_back(column);
    }
    return columns;
  }

  base::Status AddOtherNames(BlockRows& rows, TagScope scope, TagNames& names) {
    const auto is_new = [&](const store::OtherKey& key) {
      return IsIn(key.scope, scope) && !names.contains(key.key);
    };
    const auto all = TRY(OtherKeys(rows));
    if (all == nullptr || !rows.whole()) {
      return ForEachOther(rows, is_new, [&](const store::OtherKey& key, std::string_view) {
        names.emplace(key.key);
        return base::Status();
      });
    }
    for (size_t i = 0; i < all->size(); ++i) {
      const std::optional<store::OtherKey> key = store::ParseOtherKey((*all)[i]);
      if (key && is_new(*key)) names.emplace(key->key);
    }
    return {};
  }

  // Calls `visit(row, entry)` for the values of rows in the range, until it returns false.
  template <typename Visit>
  void ForEachEntry(const BlockRows& rows, const ColumnCells& cells, Visit visit) {
    for (size_t row = 0; row < rows.size() && !cancellation_.CancelledAfterRow(); ++row) {
      if (!rows.Contains(row)) continue;
      for (size_t entry = cells.first_entry(row); entry < cells.first_entry(row + 1); ++entry) {
        if (cells.HasValue(entry) && !visit(row, entry)) return;
      }
    }
  }

  // Calls `visit(entry)` once for each different value in the range.
  template <typename Visit>
  void ForEachDistinct(const BlockRows& rows, const ColumnCells& cells, Visit visit) {
    std::vector<bool> seen(parquet::CountOf(cells.values()));
    ForEachEntry(rows, cells, [&](size_t, size_t entry) {
      const uint32_t place = cells.PlaceOf(entry);
      if (!seen[place]) visit(entry);
      seen[place] = true;
      return true;
    });
  }

  base::Result<bool> HasValueInRange(BlockRows& rows, size_t column) {
    const ColumnCells* const cells = TRY(rows.Cells(column));
    bool found = false;
    ForEachEntry(rows, *cells, [&](size_t, size_t) {
      found = true;
      return false;
    });
    return found;
  }

  // The dictionary of the keys without a column, which has all of them and is small; null: there
  // is none.
  static base::Result<std::shared_ptr<const parquet::ByteArrays>> OtherKeys(BlockRows& rows) {
    const auto known = TRY(rows.Dictionary(rows.other_keys()));
    const auto* const texts = std::get_if<parquet::ByteArrays>(known.get());
    const bool any = texts != nullptr && texts->size() > 0;
    return any ? std::shared_ptr<const parquet::ByteArrays>(known, texts) : nullptr;
  }

  template <typename Asks>
  static bool NoneAsked(const parquet::ByteArrays& keys, const Asks& asks) {
    for (size_t i = 0; i < keys.size(); ++i) {
      const std::optional<store::OtherKey> key = store::ParseOtherKey(keys[i]);
      if (key && asks(*key)) return false;
    }
    return true;
  }

  // Calls `visit(key, value)` for attributes without a column that `asks(key)`.
  template <typename Asks, typename Visit>
  base::Status ForEachOther(BlockRows& rows, const Asks& asks, const Visit& visit) {
    if (!rows.HasValues(rows.other_keys())) return {};
    const auto all = TRY(OtherKeys(rows));
    if (all != nullptr && NoneAsked(*all, asks)) return {};
    const ColumnCells* const keys = TRY(rows.Cells(rows.other_keys()));
    const ColumnCells* const values = TRY(rows.Cells(rows.other_values()));
    base::Status status;
    ForEachEntry(rows, *keys, [&](size_t, size_t entry) {
      const std::optional<store::OtherKey> key = store::ParseOtherKey(keys->Bytes(entry));
      if (key && asks(*key) && entry < values->entry_count() && values->HasValue(entry)) {
        status = visit(*key, values->Bytes(entry));
      }
      return status.ok();
    });
    return status;
  }

  base::Status AddIntrinsic(BlockRows& rows, std::string_view name, TagValues& values) {
    if (name == "name") return AddTexts(rows, store::Intrinsic::kName, values);
    if (name == "statusMessage") return AddTexts(rows, store::Intrinsic::kStatusMessage, values);
    if (name == "event:name") return AddTexts(rows, store::Intrinsic::kEventName, values);
    if (name == "instrumentation:name") return AddTexts(rows, store::Intrinsic::kScopeName, values);
    if (name == "instrumentation:version")
      return AddTexts(rows, store::Intrinsic::kScopeVersion, values);
    if (name == "status") {
      return AddKeywords(rows, store::Intrinsic::kStatusCode, StatusKeyword, values);
    }
    if (name == "kind") return AddKeywords(rows, store::Intrinsic::kKind, KindKeyword, values);
    if (name == "rootName")
      return AddOfRoots(rows, BlockRows::IndexOf(store::Intrinsic::kName), values);
    if (name == "rootServiceName") {
      for (size_t column = 0; column < rows.columns().size(); ++column) {
        if (rows.columns()[column].name == "resource.service.name") {
          return AddOfRoots(rows, column, values);
        }
      }
    }
    return {};
  }

  static void AddText(std::string_view text, TagValues& values) {
    if (!text.empty()) values.insert({"string", std::string(text)});
  }

  base::Status AddTexts(BlockRows& rows, store::Intrinsic intrinsic, TagValues& values) {
    const ColumnCells* const cells = TRY(rows.Cells(intrinsic));
    ForEachDistinct(rows, *cells, [&](size_t entry) { AddText(cells->Bytes(entry), values); });
    return {};
  }

  base::Status AddKeywords(BlockRows& rows, store::Intrinsic intrinsic,
                           std::string_view (*keyword)(int32_t), TagValues& values) {
    const ColumnCells* const cells = TRY(rows.Cells(intrinsic));
    ForEachDistinct(rows, *cells, [&](size_t entry) {
      values.insert({"keyword", std::string(keyword(cells->Int32(entry)))});
    });
    return {};
  }

  base::Status AddOfRoots(BlockRows& rows, size_t column, TagValues& values) {
    const RowSet roots = TRY(rows.Roots());
    const ColumnCells* const cells = TRY(rows.Cells(column));
    std::vector<bool> seen(parquet::CountOf(cells->values()));
    ForEachEntry(rows, *cells, [&](size_t row, size_t entry) {
      const uint32_t place = cells->PlaceOf(entry);
      if (roots.Has(row) && !seen[place]) {
        AddText(cells->Bytes(entry), values);
        seen[place] = true;
      }
      return true;
    });
    return {};
  }

  const store::Block& block_;
  const TagQuestion& question_;
  Cancellation cancellation_;
  bool looked_for_names_ = false;
  std::vector<size_t> unnamed_;  // columns
};

}  // namespace

base::Status AddTagNames(const store::Block& block, const TagQuestion& question, TagScope scope,
                         TagNames& names) {
  BlockTags tags(block, question);
  return tags.ForEachGroup([&](BlockRows& rows) { return tags.AddNames(rows, scope, names); });
}

base::Status AddTagValues(const store::Block& block, const TagQuestion& question, const Tag& tag,
                          TagValues& values) {
  BlockTags tags(block, question);
  return tags.ForEachGroup([&](BlockRows& rows) -> base::Status {
    TRY(tags.AddValues(rows, tag, values));
    return values.ChargeGrowth(question.memory);
  });
}

}  // namespace clew::query
