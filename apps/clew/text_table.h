// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace clew {

// Columns of text for people, as wide as their longest cell.
class TextTable {
 public:
  enum class Align : uint8_t { kLeft, kRight };
  struct Column {
    std::string_view title;
    Align align = Align::kLeft;
  };
  explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // REQUIRES: as many cells as columns
  void AddRow(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  // Title and rows, a line each.
  std::string Format() const { return TextTable(*this).Take(); }
  // The same of what was added since the last time, for a table that grows: the title the first
  // time only, columns never narrower than before.
  std::string Take();

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
  std::vector<size_t> widths_{};
  bool titled_ = false;
};

// "1.5 MiB".
std::string FormatBytes(uint64_t bytes);
// With so many digits behind the point.
std::string FormatFixed(double value, int digits);
// "2026-11-23 14:05:09" in UTC.
std::string FormatTime(int64_t unix_nano);

}  // namespace clew
