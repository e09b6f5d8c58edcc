// SPDX-License-Identifier: Apache-2.0
#include "text_table.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

namespace clew {
namespace {

// Characters of UTF-8 text, as a terminal shows them.
size_t WidthOf(std::string_view text) {
  return static_cast<size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<uint8_t>(c) & 0xc0) != 0x80; }));
}

void AppendCell(std::string& line, std::string_view text, size_t width, TextTable::Align align) {
  const size_t padding = width - std::min(width, WidthOf(text));
  if (align == TextTable::Align::kRight) line.append(padding, ' ');
  line += text;
  if (align == TextTable::Align::kLeft) line.append(padding, ' ');
}

}  // namespace

std::string TextTable::Take() {
  widths_.resize(columns_.size());
  for (size_t i = 0; i < columns_.size(); ++i) {
    widths_[i] = std::max(widths_[i], WidthOf(columns_[i].title));
    for (const auto& row : rows_) widths_[i] = std::max(widths_[i], WidthOf(row[i]));
  }
  std::string text;
  const auto append_line = [&](const auto& cell_of) {
    std::string line;
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (i > 0) line += "  ";
      AppendCell(line, cell_of(i), widths_[i], columns_[i].align);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text.append(line).append("\n");
  };
  if (!titled_) append_line([&](size_t i) { return std::string_view(columns_[i].title); });
  for (const auto& row : rows_) append_line([&](size_t i) { return std::string_view(row[i]); });
  titled_ = true;
  rows_.clear();
  return text;
}

std::string FormatFixed(double value, int digits) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", digits, value);
  return text.data();
}

std::string FormatBytes(uint64_t bytes) {
  constexpr std::array<const char*, 5> kUnits = {"B", "KiB", "MiB", "GiB", "TiB"};
  auto value = static_cast<double>(bytes);
  size_t unit = 0;
  while (value >= 1024 && unit + 1 < kUnits.size()) {
    value /= 1024;
    ++unit;
  }
  return FormatFixed(value, unit == 0 ? 0 : 1) + " " + kUnits[unit];
}

std::string FormatTime(int64_t unix_nano) {
  const auto seconds = static_cast<time_t>(unix_nano / 1'000'000'000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &parts);
  return text.data();
}

}  // namespace clew
