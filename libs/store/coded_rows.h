// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "store/column_cells.h"

namespace clew::store {

// Which value of its dictionary each row of a column chunk has, in as few bytes as will do:
// what is asked of a value is asked once, and then told of all its rows. Immutable.
class CodedRows {
 public:
  // nullopt for lists and for what has no dictionary.
  static std::optional<CodedRows> Of(const ColumnCells& cells);

  // The values, one an entry: the entry of a code is the code.
  const ColumnCells& values() const { return values_; }
  // The code of rows without a value: that after the last.
  uint32_t absent() const { return values_.row_count(); }
  // How many codes there are, that of no value among them.
  size_t code_count() const { return size_t{absent()} + 1; }

  // Calls `visit` with the codes of the rows, a vector of uint8_t, uint16_t or uint32_t.
  template <typename Visitor>
  decltype(auto) Visit(Visitor&& visit) const {
    return std::visit(visit, codes_);
  }
  uint32_t CodeOf(size_t row) const {
    return Visit([row](const auto& codes) -> uint32_t { return codes[row]; });
  }

  // The memory of it, without the dictionary.
  size_t size_bytes() const;

 private:
  using Codes = std::variant<std::vector<uint8_t>, std::vector<uint16_t>, std::vector<uint32_t>>;
  CodedRows(ColumnCells values, Codes codes)
      : values_(std::move(values)), codes_(std::move(codes)) {}

  ColumnCells values_;
  Codes codes_;
};

}  // namespace clew::store
