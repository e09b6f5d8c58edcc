// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <deque>
#include <optional>
#include <set>

#include "answer_printer.h"
#include "base/time_text.h"
#include "query_answer.h"
#include "text_table.h"

namespace clew {
namespace {

using Traces = std::vector<FoundTrace>;

std::string DurationText(int64_t ms) {
  if (ms == 0) return "<1 ms";
  if (ms < 1000) return std::to_string(ms) + " ms";
  return FormatFixed(static_cast<double>(ms) / 1000, 2) + " s";
}

// To the millisecond.
std::string StartText(int64_t unix_nano) {
  const int64_t ms = unix_nano / 1'000'000 % 1000;
  return FormatTime(unix_nano) + "." + std::to_string(1000 + ms).substr(1);
}

class TracePrinter final : public AnswerPrinter {
 public:
  TracePrinter(AnswerFormat format, std::vector<std::string> attributes, uint32_t limit)
      : format_(format), attributes_(std::move(attributes)), limit_(limit) {}

  base::Status Print(const std::string& answer) override {
    const Traces traces = TRY(ReadTraces(answer));
    if (format_ == AnswerFormat::kJson) {
      std::printf("%s\n", answer.c_str());
    } else {
      PrintRows(traces);
      if (format_ == AnswerFormat::kTable) NoteCount(traces.size());
    }
    return {};
  }

  // The oldest first, so that the newest stands last.
  base::Status PrintNew(const std::string& answer) override {
    Traces traces = TRY(ReadTraces(answer));
    const size_t found = traces.size();
    std::erase_if(traces, [&](const FoundTrace& trace) { return !IsNew(trace.trace_id); });
    if (any_before_ && traces.size() == found && found == limit_) {
      std::fprintf(stderr, "more traces came than the %u that --limit allows\n", limit_);
    }
    if (traces.empty()) return {};
    any_before_ = true;
    std::ranges::reverse(traces);
    if (format_ != AnswerFormat::kJson) {
      PrintRows(traces);
    } else {
      for (const FoundTrace& trace : traces) std::printf("%s\n", trace.json.c_str());
    }
    return {};
  }

 private:
  void PrintRows(const Traces& traces) {
    if (traces.empty()) return;
    AddAttributes(traces);
    if (format_ == AnswerFormat::kCsv) {
      PrintCsv(traces);
    } else {
      PrintTable(traces);
    }
  }

  // What answers say beside what the query mentions, as count(); the columns stay as they are from
  // the first row on.
  void AddAttributes(const Traces& traces) {
    if (titled_) return;
    for (const FoundTrace& trace : traces) {
      for (const auto& [key, values] : trace.attributes) {
        if (std::ranges::find(attributes_, key) == attributes_.end()) attributes_.push_back(key);
      }
    }
  }

  void PrintTable(const Traces& traces) {
    if (!titled_) {
      using enum TextTable::Align;
      std::vector<TextTable::Column> columns = {{"TIME (UTC)"},    {"SERVICE"},
                                                {"ROOT"},          {"DURATION", kRight},
                                                {"SPANS", kRight}, {"TRACE", kLeft}};
      for (const std::string& attribute : attributes_) columns.push_back({attribute});
      table_.emplace(std::move(columns));
    }
    titled_ = true;
    for (const FoundTrace& trace : traces) {
      std::vector<std::string> cells = {StartText(trace.start_unix_nano),
                                        TableCell(trace.service),
                                        TableCell(trace.name),
                                        DurationText(trace.duration_ms),
                                        std::to_string(trace.matched_spans),
                                        trace.trace_id};
      for (const std::string& attribute : attributes_) {
        cells.push_back(TableCell(trace.ValueOf(attribute)));
      }
      table_->AddRow(std::move(cells));
    }
    std::fputs(table_->Take().c_str(), stdout);
  }

  void PrintCsv(const Traces& traces) {
    if (!titled_) {
      std::vector<std::string> titles = {"trace_id",     "start",     "duration_ms",
                                         "root_service", "root_name", "matched_spans"};
      titles.insert(titles.end(), attributes_.begin(), attributes_.end());
      std::fputs(CsvLine(titles).c_str(), stdout);
    }
    titled_ = true;
    for (const FoundTrace& trace : traces) {
      std::vector<std::string> cells = {trace.trace_id,
                                        base::TimeText(trace.start_unix_nano),
                                        std::to_string(trace.duration_ms),
                                        trace.service,
                                        trace.name,
                                        std::to_string(trace.matched_spans)};
      for (const std::string& attribute : attributes_) cells.push_back(trace.ValueOf(attribute));
      std::fputs(CsvLine(cells).c_str(), stdout);
    }
  }

  void NoteCount(size_t count) const {
    if (count == 0) std::fputs("no traces\n", stderr);
    if (count == limit_) std::fprintf(stderr, "%u traces, as many as --limit allows\n", limit_);
  }

  // Remembers so many that a trace of an answer is known when it is in the next.
  bool IsNew(const std::string& trace_id) {
    if (!known_.insert(trace_id).second) return false;
    order_.push_back(trace_id);
    if (order_.size() > std::max(kMostKnown, 2 * size_t{limit_})) {
      known_.erase(order_.front());
      order_.pop_front();
    }
    return true;
  }

  static constexpr size_t kMostKnown = 100'000;

  const AnswerFormat format_;
  std::vector<std::string> attributes_;
  const uint32_t limit_;
  std::optional<TextTable> table_;
  bool titled_ = false;
  std::set<std::string> known_;
  std::deque<std::string> order_;
  bool any_before_ = false;
};

}  // namespace

std::unique_ptr<AnswerPrinter> MakeTracePrinter(AnswerFormat format,
                                                std::vector<std::string> attributes,
                                                uint32_t limit) {
  return std::make_unique<TracePrinter>(format, std::move(attributes), limit);
}

}  // namespace clew
