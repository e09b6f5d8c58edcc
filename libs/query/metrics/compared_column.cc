// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/compared_column.h"

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "query/metrics/by_codes.h"

namespace clew::query {
namespace {

using Kind = CodedField::Kind;

// Numbers arrays by the codes of their elements.
class ArrayNumbers {
 public:
  explicit ArrayNumbers(const store::ColumnCells& cells) : cells_(cells) {}

  size_t NumberOf(size_t row) {
    key_.clear();
    for (size_t entry = cells_.first_entry(row); entry < cells_.first_entry(row + 1); ++entry) {
      if (!cells_.HasValue(entry)) continue;
      const uint32_t code = cells_.PlaceOf(entry);
      key_.append(reinterpret_cast<const char*>(&code), sizeof code);
    }
    return numbers_.try_emplace(key_, numbers_.size()).first->second;
  }

 private:
  const store::ColumnCells& cells_;
  std::string key_;  // of the array in hand
  std::unordered_map<std::string, size_t> numbers_;
};

// Counts the values of one column in the rows of a part after another.
class ColumnCounter {
 public:
  ColumnCounter(const CodedField& coded, const Field& field, FieldSet& fields,
                Cancellation& cancellation)
      : coded_(coded), field_(field), fields_(fields), cancellation_(cancellation) {
    if (coded.kind == Kind::kList) arrays_.emplace(*coded.cells);
  }

  base::Status Count(const SplitRows::Part& part, ValueCounts& counts) {
    switch (coded_.kind) {
      case Kind::kAbsent:
        return counts.Add(coded_.absent, part.interval, static_cast<uint32_t>(part.rows.Count()));
      case Kind::kCoded:
        return CountCodes(part, counts);
      case Kind::kList:
        return CountArrays(part, counts);
      case Kind::kPlain:
        return ForEach(part.rows, [&](size_t row) {
          if (!coded_.cells->HasValue(row)) return counts.Add(coded_.absent, part.interval, 1);
          return counts.Add(coded_.read(*coded_.cells, row), part.interval, 1);
        });
      case Kind::kNone:
        break;
    }
    return ForEach(part.rows,
                   [&](size_t row) { return counts.Add(ValueOf(row), part.interval, 1); });
  }

 private:
  Value ValueOf(size_t row) {
    return field_.Evaluate({.row = static_cast<uint32_t>(row), .texts = &fields_.texts()});
  }

  template <typename Visit>
  base::Status ForEach(const RowSet& rows, Visit visit) {
    for (auto row = rows.Next(0, rows.size()); row; row = rows.Next(*row + 1, rows.size())) {
      if (cancellation_.CancelledAfterRow()) return QueryCancelled();
      TRY(visit(*row));
    }
    return {};
  }

  base::Status CountCodes(const SplitRows::Part& part, ValueCounts& counts) {
    of_code_.assign(coded_.codes->code_count(), 0);
    coded_.codes->Visit(
        [&](const auto& codes) { part.rows.ForEach([&](size_t row) { ++of_code_[codes[row]]; }); });
    for (uint32_t code = 0; code < of_code_.size(); ++code) {
      if (of_code_[code] == 0) continue;
      TRY(counts.Add(coded_.ValueOf(code), part.interval, of_code_[code]));
    }
    return {};
  }

  base::Status CountArrays(const SplitRows::Part& part, ValueCounts& counts) {
    std::vector<Alike> alike;  // by the number of the array
    part.rows.ForEach([&](size_t row) {
      const size_t number = arrays_->NumberOf(row);
      if (number >= alike.size()) alike.resize(number + 1);
      if (alike[number].count++ == 0) alike[number].row = row;
    });
    for (const Alike& rows : alike) {
      if (rows.count > 0) TRY(counts.Add(ValueOf(rows.row), part.interval, rows.count));
    }
    return {};
  }

  // Rows that are alike: how many there are, and one of them.
  struct Alike {
    uint32_t count = 0;
    size_t row = 0;
  };

  const CodedField& coded_;
  const Field& field_;
  FieldSet& fields_;
  Cancellation& cancellation_;
  std::optional<ArrayNumbers> arrays_;
  std::vector<uint32_t> of_code_;  // rows of the part in hand
};

}  // namespace

base::Status ComparedColumn::Count(const SplitRows& split, BlockRows& group, FieldSet& fields,
                                   Cancellation& cancellation) const {
  const CodedField coded = TRY(CodedFieldOf(*expr, group));
  const Field* const field = TRY(fields.Get(*expr));
  ColumnCounter counter(coded, *field, fields, cancellation);
  for (const SplitRows::Part& part : split.parts) {
    if (cancellation.Look()) return QueryCancelled();
    TRY(counter.Count(part, part.selected ? *selection : *baseline));
  }
  return {};
}

}  // namespace clew::query
