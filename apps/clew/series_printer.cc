// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <optional>

#include "answer_printer.h"
#include "base/time_text.h"
#include "query_answer.h"
#include "sparkline.h"
#include "text_table.h"

namespace clew {
namespace {

constexpr size_t kSparklineWidth = 40;

// Of all series together, so that their lines have one axis.
std::vector<int64_t> TimesOf(const std::vector<FoundSeries>& all) {
  std::vector<int64_t> times;
  for (const FoundSeries& series : all) {
    for (const FoundSeries::Sample& sample : series.samples) times.push_back(sample.unix_ms);
  }
  std::ranges::sort(times);
  times.erase(std::ranges::unique(times).begin(), times.end());
  return times;
}

// A line of its own time axis has a gap where there is no sample.
std::string LineOf(const FoundSeries& series, const std::vector<int64_t>& times) {
  std::vector<std::optional<double>> values(times.size());
  for (const FoundSeries::Sample& sample : series.samples) {
    const auto at = std::ranges::lower_bound(times, sample.unix_ms) - times.begin();
    values[static_cast<size_t>(at)] = sample.value;
  }
  return Sparkline(values, kSparklineWidth);
}

std::string LabelsText(const FoundSeries& series) {
  if (series.labels.size() == 1 && series.labels.front().first == "__name__") {
    return series.labels.front().second;
  }
  std::string text;
  for (const auto& [key, value] : series.labels) {
    text.append(text.empty() ? "" : ", ").append(key).append("=").append(value);
  }
  return text;
}

// As many digits as tell it from others.
std::string Exact(double value) {
  std::array<char, 32> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() ? std::string(text.data(), end) : "";
}

// For the eye: four digits, or all before the point.
std::string Rounded(double value) {
  std::array<char, 32> text{};
  const double size = std::abs(value);
  const bool whole = size >= 1000 && size < 1e15;
  std::snprintf(text.data(), text.size(), whole ? "%.0f" : "%.4g", value);
  return text.data();
}

std::string TableOf(const std::vector<FoundSeries>& all) {
  using enum TextTable::Align;
  TextTable table({{"SERIES", kLeft},
                   {"LAST", kRight},
                   {"MIN", kRight},
                   {"MAX", kRight},
                   {"OVER TIME", kLeft}});
  const std::vector<int64_t> times = TimesOf(all);
  for (const FoundSeries& series : all) {
    if (series.samples.empty()) continue;
    const auto [min, max] =
        std::ranges::minmax_element(series.samples, {}, &FoundSeries::Sample::value);
    table.AddRow({TableCell(LabelsText(series)), Rounded(series.samples.back().value),
                  Rounded(min->value), Rounded(max->value), LineOf(series, times)});
  }
  return table.Take();
}

// A line for each sample; a column for each label that any of the series has.
std::string CsvOf(const std::vector<FoundSeries>& all) {
  std::vector<std::string> keys;
  for (const FoundSeries& series : all) {
    for (const auto& [key, value] : series.labels) {
      if (std::ranges::find(keys, key) == keys.end()) keys.push_back(key);
    }
  }
  std::vector<std::string> cells = {"time"};
  cells.insert(cells.end(), keys.begin(), keys.end());
  cells.emplace_back("value");
  std::string text = CsvLine(cells);
  for (const FoundSeries& series : all) {
    for (const FoundSeries::Sample& sample : series.samples) {
      cells = {base::TimeText(sample.unix_ms * 1'000'000)};
      for (const std::string& key : keys) {
        const auto label =
            std::ranges::find(series.labels, key, [](const auto& one) { return one.first; });
        cells.push_back(label == series.labels.end() ? "" : label->second);
      }
      cells.push_back(Exact(sample.value));
      text += CsvLine(cells);
    }
  }
  return text;
}

class SeriesPrinter final : public AnswerPrinter {
 public:
  explicit SeriesPrinter(AnswerFormat format) : format_(format) {}

  base::Status Print(const std::string& answer) override {
    const std::vector<FoundSeries> all = TRY(ReadSeries(answer));
    if (format_ == AnswerFormat::kJson) {
      std::printf("%s\n", answer.c_str());
    } else if (all.empty()) {
      std::fputs("no series\n", stderr);
    } else {
      std::fputs((format_ == AnswerFormat::kCsv ? CsvOf(all) : TableOf(all)).c_str(), stdout);
    }
    return {};
  }

  // All of it again, on a terminal in the place of the last.
  base::Status PrintNew(const std::string& answer) override {
    if (format_ == AnswerFormat::kTable && isatty(STDOUT_FILENO) != 0) {
      std::fputs("\033[H\033[J", stdout);
    } else if (format_ == AnswerFormat::kTable && any_before_) {
      std::fputs("\n", stdout);
    }
    any_before_ = true;
    return Print(answer);
  }

 private:
  const AnswerFormat format_;
  bool any_before_ = false;
};

}  // namespace

std::unique_ptr<AnswerPrinter> MakeSeriesPrinter(AnswerFormat format) {
  return std::make_unique<SeriesPrinter>(format);
}

}  // namespace clew
