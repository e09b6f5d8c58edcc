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

// Of rows that are alike: how many there are, and one of them.
struct Alike {
  uint32_t count = 0;
  size_t row = 0;
};

// Rows of a part by something that tells them apart, a number below some limit.
class RowsByNumber {
 public:
  void Add(size_t number, size_t row) {
    if (number >= alike_.size()) alike_.resize(number + 1);
    Alike& alike = alike_[number];
    if (alike.count++ > 0) return;
    alike.row = row;
    met_.push_back(number);
  }
  // Calls `visit(alike)`, which gives a status, for each number, and forgets them.
  template <typename Visit>
  base::Status Take(Visit visit) {
    for (const size_t number : met_) {
      TRY(visit(alike_[number]));
      alike_[number].count = 0;
    }
    met_.clear();
    return {};
  }

 private:
  std::vector<Alike> alike_;
  std::vector<size_t> met_;
};

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

}  // namespace

base::Status ComparedColumn::Count(const SplitRows& split, BlockRows& group, FieldSet& fields,
                                   Cancellation& cancellation) const {
  const CodedField coded = TRY(CodedFieldOf(*expr, group));
  const Field* const field = TRY(fields.Get(*expr));
  RowsByNumber by_number;
  std::optional<ArrayNumbers> arrays;
  if (coded.kind == Kind::kList) arrays.emplace(*coded.list);
  for (const SplitRows::Part& part : split.parts) {
    if (cancellation.Look()) return QueryCancelled();
    ValueCounts& counts = part.selected ? *selection : *baseline;
    const auto count = [&](const Alike& alike) {
      const SpanAt at{.row = static_cast<uint32_t>(alike.row), .texts = &fields.texts()};
      return counts.Add(field->Evaluate(at), part.interval, alike.count);
    };
    switch (coded.kind) {
      case Kind::kAbsent:
        TRY(count({static_cast<uint32_t>(part.rows.Count()), *part.rows.Next(0, group.size())}));
        break;
      case Kind::kCoded:
        coded.codes->Visit([&](const auto& codes) {
          part.rows.ForEach([&](size_t row) { by_number.Add(codes[row], row); });
        });
        break;
      case Kind::kList:
        part.rows.ForEach([&](size_t row) { by_number.Add(arrays->NumberOf(row), row); });
        break;
      case Kind::kNone:
        for (auto row = part.rows.Next(0, group.size()); row;
             row = part.rows.Next(*row + 1, group.size())) {
          if (cancellation.CancelledAfterRow()) return QueryCancelled();
          TRY(count({1, *row}));
        }
        break;
    }
    TRY(by_number.Take(count));
  }
  return {};
}

}  // namespace clew::query
