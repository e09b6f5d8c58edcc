// SPDX-License-Identifier: Apache-2.0
#include "ledger/drawn_trace_fixture.h"

#include <algorithm>
#include <array>
#include <map>
#include <sstream>
#include <utility>
#include <vector>

#include "base/check.h"
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
    ReadBar(line.substr(bar + 1), span);
    const size_t indent = line.find_first_not_of(' ', 1);
    ReadWords(std::string(line.substr(0, bar)).substr(indent), span);
    open_.resize(std::min(open_.size(), (indent - 2) / 2));
    if (!open_.empty() && span.missing_parent == kNone) span.parent = open_.back();
    open_.push_back(static_cast<uint32_t>(drawing_.trace.spans.size()));
    drawing_.letters += line.front();
    drawing_.trace.spans.push_back(span);
  }

 private:
  void ReadBar(std::string_view bar, Span& span) {
    const size_t first = bar.find_first_of("=!");
    CHECK(first != std::string_view::npos);
    span.start_ns = first * kColumnNanos;
    const size_t last = bar.find_last_of('=');
    span.end_ns = last == std::string_view::npos ? span.start_ns : (last + 1) * kColumnNanos;
  }

  void ReadWords(const std::string& text, Span& span) {
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
        ReadOption(word, span);
      }
    }
    CHECK(!in_name);
    span.operation = drawing_.names.CodeOf(operation);
  }

  void ReadOption(const std::string& word, Span& span) {
    const std::string key = word.substr(0, word.find('='));
    const std::string value = word.substr(std::min(word.size(), key.size() + 1));
    if (key == "error") span.error = true;
    if (key == "follows") span.follows = true;
    if (key == "peer") span.peer = drawing_.names.CodeOf(value);
    if (key == "group") span.group = drawing_.names.CodeOf(value);
    if (key == "parent") {
      span.missing_parent =
          missing_.try_emplace(value, static_cast<uint32_t>(missing_.size())).first->second;
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

std::string PathLine(const Drawing& drawing, const TraceLedger& ledger, size_t indent) {
  std::string line = std::string(indent - 5, ' ') + "path |";
  const Account& account = ledger.accounts.front();
  line.append(account.start_ns / kColumnNanos, ' ');
  for (const Segment& segment : ledger.SegmentsOf(account)) {
    line.append(segment.nanos() / kColumnNanos, MarkOf(drawing, segment));
  }
  return line + "|\n";
}

std::string RowLine(const Drawing& drawing, const Row& row, GroupBy by) {
  const std::string amount = std::to_string(row.nanos / kColumnNanos) + " ms";
  std::string line = std::string(7 - std::min<size_t>(amount.size(), 7), ' ') + amount + "  " +
                     LabelOf(row.owner, by, drawing.names);
  if (row.ambiguous_nanos > 0) {
    line += ", in parallel with " + LabelOf(drawing.trace.spans[row.parallel_with], drawing.names);
  }
  if (row.drag_nanos < row.nanos) {
    line += " (saves " + std::to_string(row.drag_nanos / kColumnNanos) + " ms)";
  }
  return line + "\n";
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

void ReadDrawing(std::string_view text, Drawing& drawing) {
  DrawingReader reader(drawing);
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty()) reader.ReadLine(line);
  }
}

std::string Explained(std::string_view text, const Explaining& how) {
  Drawing drawing;
  ReadDrawing(text, drawing);
  const TraceLedger ledger = BuildLedger(drawing.trace, how.options);
  const Rows rows = RowsOf(drawing.trace, ledger, ledger.accounts.front(), how.by);
  const Verdict verdict = VerdictOf({.trace = drawing.trace,
                                     .names = drawing.names,
                                     .ledger = ledger,
                                     .rows = rows,
                                     .by = how.by,
                                     .skew_corrected = how.options.correct_skew});
  std::string explained = std::string(text) + PathLine(drawing, ledger, text.find('|')) + "\n";
  for (const Row& row : rows.rows) explained += RowLine(drawing, row, how.by);
  for (size_t i = 1; i < ledger.accounts.size(); ++i) {
    explained += AccountLine(drawing, ledger, ledger.accounts[i]);
  }
  if (how.says) explained += "says: " + verdict.Text() + "\n";
  for (const Note& note : verdict.notes) explained += "note: " + note.text + "\n";
  return explained;
}

}  // namespace clew::ledger
