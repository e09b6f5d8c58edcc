// SPDX-License-Identifier: Apache-2.0
#include "ledger_printer.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "answer_printer.h"
#include "ledger/amount_text.h"
#include "text_table.h"

namespace clew {
namespace {

constexpr uint64_t kBarCells = 32;

// As long as its part of the whole, in eighths of a cell where it is solid.
std::string Bar(uint64_t nanos, uint64_t whole, std::string_view category) {
  static constexpr std::array<std::string_view, 8> kEnds = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  if (whole == 0) return {};
  const bool solid =
      category != "network" && category != "wait" && category != "idle" && category != "missing";
  const double cells = static_cast<double>(nanos) / static_cast<double>(whole) * kBarCells;
  const auto eighths = static_cast<size_t>(cells * 8 + 0.5);
  std::string bar;
  for (size_t i = 0; i < eighths / 8; ++i) bar += solid ? "█" : "░";
  if (solid) return bar + std::string(kEnds[eighths % 8]);
  return bar + (eighths % 8 >= 4 ? "░" : "");
}

// A sentence as a line of its own, with nothing in it that a terminal would obey.
std::string Line(std::string_view text) {
  std::string line;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    line += TableCell(text.substr(0, end));
    if (end < text.size()) line += ' ';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return line + "\n";
}

std::string Percent(uint64_t share) {
  return std::to_string(share) + " %";
}

}  // namespace

std::string LedgerText(const LedgerAnswer& answer, size_t most_rows) {
  using enum TextTable::Align;
  TextTable table({{"SHARE", kRight},
                   {"TIME", kRight},
                   {"CAN SAVE", kRight},
                   {"SPANS", kRight},
                   {"", kLeft},
                   {"WHERE", kLeft}});
  uint64_t rest_rows = answer.rest_rows, rest_nanos = answer.rest_nanos;
  uint64_t rest_share = answer.rest_share;
  for (size_t i = 0; i < answer.rows.size(); ++i) {
    const LedgerAnswer::Row& row = answer.rows[i];
    if (i >= most_rows || (row.share == 0 && i > 0)) {
      ++rest_rows;
      rest_nanos += row.nanos;
      rest_share += row.share;
      continue;
    }
    table.AddRow({Percent(row.share), ledger::AmountText(row.nanos),
                  ledger::AmountText(row.drag_nanos) + (row.ambiguous_nanos > 0 ? "?" : ""),
                  std::to_string(row.span_count), Bar(row.nanos, answer.nanos, row.category),
                  TableCell(row.label)});
  }
  if (rest_rows > 0) {
    table.AddRow({Percent(rest_share), ledger::AmountText(rest_nanos), "", "",
                  Bar(rest_nanos, answer.nanos, ""),
                  "rest, " + std::to_string(rest_rows) + (rest_rows == 1 ? " row" : " rows")});
  }
  std::string text = Line(answer.verdict) + "\n" + table.Take();
  if (!answer.notes.empty()) text += "\n";
  for (const std::string& note : answer.notes) text += Line(note);
  return text;
}

}  // namespace clew
