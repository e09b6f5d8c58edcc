// SPDX-License-Identifier: Apache-2.0
#include "ledger_printer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>
#include <vector>

#include "answer_printer.h"
#include "ledger/amount_text.h"
#include "text_table.h"

namespace clew {
namespace {

constexpr uint64_t kBarCells = 32;
constexpr ptrdiff_t kUsualColumn = 2;

// As long as its part of the whole, in eighths of a cell where it is solid.
std::string Bar(uint64_t nanos, uint64_t whole, std::string_view category) {
  static constexpr std::array<std::string_view, 8> kEnds = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  if (whole == 0) return {};
  const bool solid =
      category != "network" && category != "wait" && category != "idle" && category != "missing";
  const double cells = static_cast<double>(nanos) / static_cast<double>(whole) * kBarCells;
  const auto eighths = static_cast<size_t>(std::lround(cells * 8));
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

std::string PercentOf(double share) {
  return Percent(static_cast<uint64_t>(std::llround(100 * share)));
}

std::string ExampleText(const LedgerAnswer::Example& example) {
  return example.trace_id + ", " + ledger::AmountText(example.nanos);
}

// The columns of a trace, or of many.
TextTable TableOf(const LedgerAnswer& answer) {
  using enum TextTable::Align;
  if (answer.by_path) {
    return TextTable(
        {{"SHARE", kRight}, {"A TRACE", kRight}, {"OWN", kRight}, {"", kLeft}, {"WHERE", kLeft}});
  }
  if (answer.traces > 0) {
    return TextTable({{"SHARE", kRight}, {"A TRACE", kRight}, {"", kLeft}, {"WHERE", kLeft}});
  }
  std::vector<TextTable::Column> columns = {
      {"SHARE", kRight}, {"TIME", kRight}, {"USUAL", kRight}, {"CAN SAVE", kRight},
      {"SPANS", kRight}, {"", kLeft},      {"WHERE", kLeft}};
  if (!answer.knows_usual_rows()) columns.erase(columns.begin() + kUsualColumn);
  return TextTable(std::move(columns));
}

// What lies below a call is part of it.
std::vector<std::string> CellsOfPath(const LedgerAnswer::Row& row, const LedgerAnswer& answer) {
  const double share = answer.nanos == 0 ? 0
                                         : static_cast<double>(row.subtree_nanos) /
                                               static_cast<double>(answer.nanos);
  const uint64_t traces = std::max<uint64_t>(answer.traces, 1);
  return {PercentOf(share), ledger::AmountText(row.subtree_nanos / traces),
          ledger::AmountText(row.nanos / traces), Bar(row.nanos, answer.nanos, row.category),
          std::string(2 * row.depth, ' ') + TableCell(row.label)};
}

std::vector<std::string> CellsOf(const LedgerAnswer::Row& row, const LedgerAnswer& answer) {
  const std::string bar = Bar(row.nanos, answer.nanos, row.category);
  if (answer.by_path) return CellsOfPath(row, answer);
  if (answer.traces > 0) {
    return {Percent(row.share), ledger::AmountText(row.nanos / answer.traces), bar,
            TableCell(row.label)};
  }
  const bool is_rest = row.span_count == 0;
  std::vector<std::string> cells = {
      Percent(row.share),
      ledger::AmountText(row.nanos),
      row.usual_nanos ? ledger::AmountText(*row.usual_nanos) : "",
      is_rest ? "" : ledger::AmountText(row.drag_nanos) + (row.ambiguous_nanos > 0 ? "?" : ""),
      is_rest ? "" : std::to_string(row.span_count),
      bar,
      TableCell(row.label)};
  if (!answer.knows_usual_rows()) cells.erase(cells.begin() + kUsualColumn);
  return cells;
}

// This trace and the usual one on one scale.
std::string Comparison(const LedgerAnswer& answer) {
  if (!answer.usual_nanos) return {};
  const uint64_t whole = std::max(answer.nanos, *answer.usual_nanos);
  const auto line = [&](std::string_view name, uint64_t nanos) {
    return std::string(name) + Bar(nanos, whole, "") + " " + ledger::AmountText(nanos) + "\n";
  };
  return "\n" + line("usual  ", *answer.usual_nanos) + line("this   ", answer.nanos);
}

std::string WhichTrace(const LedgerAnswer& answer) {
  const std::string root = answer.root.empty() ? "A trace without its root" : answer.root;
  return root + ", " + FormatTime(answer.start_unix_nano) + " UTC";
}

constexpr size_t kMostAttributes = 3;

// What the traces of a set have in common, and which to look at.
std::string SetLines(const LedgerAnswer& answer) {
  std::string lines;
  for (size_t i = 0; i < std::min(answer.attributes.size(), kMostAttributes); ++i) {
    const LedgerAnswer::Attribute& attribute = answer.attributes[i];
    std::string line = PercentOf(attribute.share) + " have ";
    line += attribute.value ? attribute.key + " = " + *attribute.value : "no " + attribute.key;
    line += " (normally " + PercentOf(attribute.usual_share) + ")";
    if (attribute.copies > 0) line += ", and " + std::to_string(attribute.copies) + " more with it";
    lines += Line(line + ".");
  }
  if (answer.typical) {
    std::string line = "Typical is " + ExampleText(*answer.typical);
    if (answer.usual) line += ", normally " + ExampleText(*answer.usual);
    lines += Line(line + ".");
  }
  return lines;
}

}  // namespace

std::string LedgerText(const LedgerAnswer& answer, size_t most_rows) {
  TextTable table = TableOf(answer);
  LedgerAnswer::Row rest;
  rest.nanos = answer.rest_nanos;
  rest.share = answer.rest_share;
  uint64_t rest_rows = answer.rest_rows;
  for (size_t i = 0; i < answer.rows.size(); ++i) {
    const LedgerAnswer::Row& row = answer.rows[i];
    const bool is_small = row.share == 0 && i > 0 && !answer.by_path;
    if (i >= most_rows || is_small) {
      ++rest_rows;
      rest.nanos += row.nanos;
      rest.share += row.share;
      continue;
    }
    table.AddRow(CellsOf(row, answer));
  }
  if (rest_rows > 0) {
    rest.subtree_nanos = rest.nanos;
    rest.label = "rest, " + std::to_string(rest_rows) + (rest_rows == 1 ? " row" : " rows");
    table.AddRow(CellsOf(rest, answer));
  }
  std::string text = Line(answer.verdict);
  text += answer.traces == 0 ? Line(WhichTrace(answer)) + Comparison(answer) : SetLines(answer);
  text += "\n" + table.Take();
  if (!answer.notes.empty()) text += "\n";
  for (const std::string& note : answer.notes) text += Line(note);
  return text;
}

}  // namespace clew
