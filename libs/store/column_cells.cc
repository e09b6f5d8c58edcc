// SPDX-License-Identifier: Apache-2.0
#include "store/column_cells.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace clew::store {
namespace {

base::Error Unfit(const parquet::Column& column, const char* what) {
  return {base::ErrorCode::kCorruption, "column " + column.name() + ": " + what};
}

base::Result<ColumnCells> WithDictionary(const parquet::FileReader& file, size_t row_group,
                                         size_t column, parquet::Page page,
                                         std::shared_ptr<const parquet::Values>& dictionary) {
  const bool coded = std::holds_alternative<std::vector<uint32_t>>(page.values);
  if (coded && dictionary == nullptr) {
    parquet::Values values = TRY(file.ReadDictionary(row_group, column));
    dictionary = std::make_shared<const parquet::Values>(std::move(values));
  }
  return ColumnCells::Make(std::move(page), coded ? dictionary : nullptr,
                           file.schema().columns()[column]);
}

}  // namespace

base::Result<ColumnCells> ColumnCells::Make(parquet::Page page,
                                            std::shared_ptr<const parquet::Values> dictionary,
                                            const parquet::Column& column) {
  ColumnCells cells;
  cells.rows_ = page.rows;
  std::vector<uint8_t>& definition = page.levels.definition;
  const size_t entries = definition.empty() ? page.rows : definition.size();
  if (!definition.empty()) cells.TakeDefinitions(std::move(definition), column);
  if (!cells.TakeRepetitions(page.levels.repetition, entries)) {
    return Unfit(column, "rows and levels differ");
  }
  const char* const unfit = cells.TakeValues(std::move(page.values), std::move(dictionary),
                                             cells.present_.CountOf(entries));
  if (unfit != nullptr) return Unfit(column, unfit);
  return cells;
}

void ColumnCells::TakeDefinitions(std::vector<uint8_t> definition, const parquet::Column& column) {
  present_ = PresentEntries(definition, column.max_definition);
  if (column.max_definition > 1) definition_ = std::move(definition);
  // Of a list of optional elements: absent 0, empty 1, element null 2, with value 3.
  element_ = static_cast<uint8_t>(std::min<int>(column.max_definition, 2));
}

// Where each row begins. False when there are other rows than the page has.
bool ColumnCells::TakeRepetitions(const std::vector<uint8_t>& repetition, size_t entries) {
  if (!repetition.empty() && repetition.size() != entries) return false;
  const bool one_each = std::ranges::count(repetition, 0) == std::ssize(repetition);
  if (one_each) return entries == rows_;
  starts_.reserve(rows_ + 1);
  for (uint32_t entry = 0; entry < entries; ++entry) {
    if (repetition[entry] == 0) starts_.push_back(entry);
  }
  const bool fits = starts_.size() == rows_;
  starts_.push_back(static_cast<uint32_t>(entries));
  return fits;
}

// What is wrong with the values, or null.
const char* ColumnCells::TakeValues(std::variant<parquet::Values, std::vector<uint32_t>> values,
                                    std::shared_ptr<const parquet::Values> dictionary,
                                    size_t count) {
  if (auto* plain = std::get_if<parquet::Values>(&values)) {
    if (parquet::CountOf(*plain) != count) return "values and levels differ";
    values_ = std::make_shared<const parquet::Values>(std::move(*plain));
    return nullptr;
  }
  codes_ = std::move(std::get<std::vector<uint32_t>>(values));
  if (codes_.size() != count) return "codes and levels differ";
  const size_t known = dictionary == nullptr ? 0 : parquet::CountOf(*dictionary);
  uint32_t highest = 0;
  for (const uint32_t code : codes_) highest = std::max(highest, code);
  if (count > 0 && highest >= known) return "a code is not in the dictionary";
  values_ = std::move(dictionary);
  return nullptr;
}

ColumnCells ColumnCells::OfDictionary(std::shared_ptr<const parquet::Values> dictionary) {
  ColumnCells values;
  values.rows_ = static_cast<uint32_t>(parquet::CountOf(*dictionary));
  values.values_ = std::move(dictionary);
  return values;
}

size_t ColumnCells::size_bytes() const {
  const size_t own = sizeof *this + definition_.size() + present_.size_bytes() +
                     sizeof(uint32_t) * (starts_.size() + codes_.size());
  if (values_ == nullptr || (has_codes() && values_.use_count() > 1)) return own;
  if (const auto* texts = std::get_if<parquet::ByteArrays>(values_.get())) {
    return own + texts->size_bytes();
  }
  return own + 8 * parquet::CountOf(*values_);
}

bool ColumnCells::SameValue(size_t a, size_t b) const {
  if (HasValue(a) != HasValue(b)) return false;
  if (!HasValue(a)) return true;
  const uint32_t place_a = PlaceOf(a);
  const uint32_t place_b = PlaceOf(b);
  if (place_a == place_b) return true;
  if (const auto* doubles = std::get_if<std::vector<double>>(values_.get())) {
    return std::bit_cast<uint64_t>((*doubles)[place_a]) ==
           std::bit_cast<uint64_t>((*doubles)[place_b]);
  }
  return std::visit(
      [&](const auto& values) {
        if constexpr (requires { values.values; }) {
          return values.values[place_a] == values.values[place_b];
        } else {
          return values[place_a] == values[place_b];
        }
      },
      *values_);
}

base::Result<ColumnCells> ReadCells(const parquet::FileReader& file, size_t row_group,
                                    size_t column, const parquet::PageLocation& page,
                                    std::shared_ptr<const parquet::Values>& dictionary) {
  return WithDictionary(file, row_group, column, TRY(file.ReadPage(row_group, column, page)),
                        dictionary);
}

base::Result<ColumnCells> ReadCells(const parquet::FileReader& file, size_t row_group,
                                    size_t column, const parquet::PageLocation& page) {
  std::shared_ptr<const parquet::Values> dictionary;
  return ReadCells(file, row_group, column, page, dictionary);
}

base::Result<ColumnCells> ReadCells(const parquet::FileReader& file, size_t row_group,
                                    size_t column,
                                    std::shared_ptr<const parquet::Values> dictionary) {
  return WithDictionary(file, row_group, column, TRY(file.ReadChunk(row_group, column)),
                        dictionary);
}

}  // namespace clew::store
