// SPDX-License-Identifier: Apache-2.0
#include "ledger/drawn_trace_fixture.h"

#include <algorithm>
#include <array>
#include <map>
#include <sstream>
#include <utility>
#include <vector>

#include "base/check.h"
#include "ledger/compare/call_paths.h"
#include "ledger/label.h"
#include "ledger/verdict.h"

namespace clew::ledger {
namespace {

using model::SpanKind;

constexpr uint64_t kColumnNanos = 1'000'000;
constexpr std::array<std::pair<std::string_view, SpanKind>, 6> kKinds = {
    {{"unspecified", SpanKind::kUnspecified},
     {"internal", SpanKind::kInternal},
     {"server", SpanKind::kServer},
     {"client", SpanKind::kClient},
     {"producer", SpanKind::kProducer},
     {"consumer", SpanKind::kConsumer}}};

class DrawingReader {
 public:
  explicit DrawingReader(Drawing& drawing) : drawing_(drawing) {}

  void ReadLine(std::string_view line) {
    const size_t bar = line.find('|');
    CHECK(bar != std::string_view::npos && line.size() > 2);
    Span span;
    DrawnIds& ids = drawing_.ids.emplace_back();
    ReadBar(line.substr(bar + 1), span);
    const size_t indent = line.find_first_not_of(' ', 1);
    ReadWords(std::string(line.substr(0, bar)).substr(indent), span, ids);
    open_.resize(std::min(open_.size(), (indent - 2) / 2));
    if (!open_.empty() && span.missing_parent == kNone) span.parent = open_.back();
    open_.push_back(static_cast<uint32_t>(drawing_.trace.spans.size()));
    drawing_.letters += line.front();
    drawing_.trace.spans.push_back(span);
  }

 private:
  void ReadBar(std::string_view bar, Span& span) {
    std::vector<size_t> breaks;
    for (size_t column = 0; column < bar.size(); ++column) {
      if (bar[column] == '~') breaks.push_back(column);
    }
    CHECK(drawing_.letters.empty() || drawing_.breaks == breaks);
    drawing_.breaks = std::move(breaks);
    const size_t first = bar.find_first_of("=!");
    CHECK(first != std::string_view::npos);
    span.start_ns = drawing_.NanosAt(first);
    const size_t last = bar.find_last_of('=');
    span.end_ns = last == std::string_view::npos ? span.start_ns : drawing_.NanosAt(last + 1);
  }

  void ReadWords(const std::string& text, Span& span, DrawnIds& ids) {
    std::istringstream words(text);
    std::string word, operation;
    words >> word;
    span.service = drawing_.names.CodeOf(word);
    bool in_name = true;
    while (words >> word) {
      const auto* const kind = std::ranges::find(
          kKinds, word, [](const auto& known) { return std::string(known.first); });
      if (kind != kKinds.end()) {
        span.kind = kind->second;
        in_name = false;
      } else if (in_name) {
        operation += (operation.empty() ? "" : " ") + word;
      } else {
        ReadOption(word, span, ids);
      }
    }
    CHECK(!in_name);
    span.operation = drawing_.names.CodeOf(operation);
  }

  void ReadOption(const std::string& word, Span& span, DrawnIds& ids) {
    if (word == "error" || word == "follows") {
      (word == "error" ? span.error : span.follows) = true;
      return;
    }
    const size_t equals = word.find('=');
    CHECK(equals != std::string::npos);
    const std::string key = word.substr(0, equals), value = word.substr(equals + 1);
    if (key == "peer") {
      span.peer = drawing_.names.CodeOf(value);
    } else if (key == "group") {
      span.group = drawing_.names.CodeOf(value);
    } else if (key == "id") {
      ids.id = value;
    } else if (key == "parent") {
      ids.parent = value;
      span.missing_parent =
          missing_.try_emplace(value, static_cast<uint32_t>(missing_.size())).first->second;
    } else {
      const auto place = static_cast<uint32_t>(drawing_.trace.spans.size());
      drawing_.attributes.push_back({.span = place, .key = key, .value = value});
    }
  }

  Drawing& drawing_;
  std::vector<uint32_t> open_;  // the spans above the next
  std::map<std::string, uint32_t> missing_;
};

char MarkOf(const Drawing& drawing, const Segment& segment) {
  if (segment.category == Category::kMissing) return '?';
  if (segment.category == Category::kIdle) return '.';
  return drawing.letters[segment.span];
}

// A letter a column, that of who owns the moment the column begins.
std::string PathLine(const Drawing& drawing, const TraceLedger& ledger, size_t indent) {
  std::string line = std::string(indent - 5, ' ') + "path |";
  const Account& account = ledger.accounts.front();
  size_t column = 0;
  for (; drawing.NanosAt(column) < account.start_ns; ++column) line += ' ';
  for (const Segment& segment : ledger.SegmentsOf(account)) {
    for (; drawing.NanosAt(column) < segment.end_ns; ++column) line += MarkOf(drawing, segment);
  }
  return line + "|\n";
}

std::string AmountColumn(uint64_t nanos) {
  const std::string amount = std::to_string(nanos / kColumnNanos) + " ms";
  return std::string(7 - std::min<size_t>(amount.size(), 7), ' ') + amount + "  ";
}

std::string RowLine(const Drawing& drawing, const Row& row, GroupBy by) {
  std::string line = AmountColumn(row.nanos) + LabelOf(row.owner, by, drawing.names);
  if (row.ambiguous_nanos > 0) {
    line += ", in parallel with " + LabelOf(drawing.trace.spans[row.parallel_with], drawing.names);
  }
  if (row.drag_nanos < row.nanos) {
    line += " (saves " + std::to_string(row.drag_nanos / kColumnNanos) + " ms)";
  }
  return line + "\n";
}

GroupBy GroupByOf(std::string_view by) {
  if (by == "operation") return GroupBy::kOperation;
  if (by == "service") return GroupBy::kService;
  if (by == "category") return GroupBy::kCategory;
  return GroupBy::kAttribute;
}

// With what is below each, and of that its own.
std::string PathRows(const Drawing& drawing, const TraceLedger& ledger) {
  CallPaths paths;
  paths.Add(drawing.trace, ledger);
  std::vector<size_t> depths(paths.nodes().size());
  std::string rows;
  for (const uint32_t number : paths.LeftHeavy()) {
    const CallPaths::Node& node = paths.nodes()[number];
    if (node.parent != kNone) depths[number] = depths[node.parent] + 1;
    rows += AmountColumn(node.nanos) + std::string(2 * depths[number], ' ') +
            drawing.names.text(node.operation.service) + " " +
            drawing.names.text(node.operation.name) + " (own " +
            std::to_string(node.own_nanos() / kColumnNanos) + " ms)\n";
  }
  return rows;
}

std::string RowsBy(const Drawing& drawing, const TraceLedger& ledger, const std::string& by) {
  if (by == "path") return PathRows(drawing, ledger);
  const GroupBy group_by = GroupByOf(by);
  std::string lines;
  for (const Row& row : RowsOf(drawing.trace, ledger, ledger.accounts.front(), group_by).rows) {
    lines += RowLine(drawing, row, group_by);
  }
  return lines;
}

// Each grouping under its name, where there are several.
std::string AllRows(const Drawing& drawing, const TraceLedger& ledger,
                    const std::vector<std::string>& groupings) {
  std::string text;
  for (const std::string& by : groupings) {
    if (groupings.size() > 1) text += (text.empty() ? "by " : "\nby ") + by + "\n";
    text += RowsBy(drawing, ledger, by);
  }
  return text;
}

std::string AccountLine(const Drawing& drawing, const TraceLedger& ledger, const Account& account) {
  uint64_t wait = 0;
  for (const Segment& segment : ledger.SegmentsOf(account)) {
    if (segment.category == Category::kWait) wait += segment.nanos();
  }
  return "apart: " + LabelOf(drawing.trace.spans[account.root], drawing.names) + ", " +
         std::to_string(account.nanos() / kColumnNanos) + " ms, of them " +
         std::to_string(wait / kColumnNanos) + " ms of wait\n";
}

}  // namespace

uint64_t Drawing::NanosAt(size_t column) const {
  constexpr size_t kBreakColumns = 100;
  const auto before = std::ranges::lower_bound(breaks, column) - breaks.begin();
  return (column + static_cast<size_t>(before) * (kBreakColumns - 1)) * kColumnNanos;
}

void ReadDrawing(std::string_view text, Drawing& drawing) {
  DrawingReader reader(drawing);
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty()) reader.ReadLine(line);
  }
}

Explaining AskedBy(const PageExample& example) {
  Explaining how{.options = {.correct_skew = example.Asks(" skew=correct")},
                 .says = example.Asks(" verdict")};
  std::istringstream by(example.OptionOf("by"));
  std::vector<std::string> groupings;
  for (std::string word; std::getline(by, word, ',');) groupings.push_back(word);
  if (!groupings.empty()) how.by = std::move(groupings);
  return how;
}

std::string Explained(const Drawing& drawing, size_t indent, const Explaining& how) {
  const TraceLedger ledger = BuildLedger(drawing.trace, how.options);
  const GroupBy by = GroupByOf(how.by.front());
  const Rows rows = RowsOf(drawing.trace, ledger, ledger.accounts.front(), by);
  const Verdict verdict = VerdictOf({.trace = drawing.trace,
                                     .names = drawing.names,
                                     .ledger = ledger,
                                     .rows = rows,
                                     .by = by,
                                     .skew_corrected = how.options.correct_skew});
  std::string explained =
      PathLine(drawing, ledger, indent) + "\n" + AllRows(drawing, ledger, how.by);
  for (size_t i = 1; i < ledger.accounts.size(); ++i) {
    explained += AccountLine(drawing, ledger, ledger.accounts[i]);
  }
  if (how.says) explained += "says: " + verdict.Text() + "\n";
  for (const Note& note : verdict.notes) explained += "note: " + note.text + "\n";
  return explained;
}

}  // namespace clew::ledger
