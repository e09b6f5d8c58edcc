// SPDX-License-Identifier: Apache-2.0
#include "base/metrics_text.h"

#include <array>
#include <charconv>

namespace clew::base {
namespace {

// As short as it can be read back.
std::string NumberText(double value) {
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return {digits.data(), end};
}

void AppendEscaped(std::string_view text, bool in_quotes, std::string& out) {
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '\\' || (in_quotes && c == '"')) out += '\\';
    out += c;
  }
}

}  // namespace

void MetricsText::Begin(std::string_view name, std::string_view help, std::string_view type) {
  name_ = name;
  text_.append("# HELP ").append(name).append(" ");
  AppendEscaped(help, false, text_);
  text_.append("\n# TYPE ").append(name).append(" ").append(type).append("\n");
}

void MetricsText::Line(std::string_view suffix, Labels labels, std::string_view le,
                       std::string_view value) {
  text_.append(name_).append(suffix);
  char before = '{';
  const auto label = [&](std::string_view name, std::string_view text) {
    text_ += std::exchange(before, ',');
    text_.append(name).append("=\"");
    AppendEscaped(text, true, text_);
    text_ += '"';
  };
  for (const auto& [name, text] : labels) label(name, text);
  if (!le.empty()) label("le", le);
  if (before != '{') text_ += '}';
  text_.append(" ").append(value).append("\n");
}

void MetricsText::Sample(Labels labels, uint64_t value) {
  Line("", labels, "", std::to_string(value));
}

void MetricsText::Sample(Labels labels, double value) {
  Line("", labels, "", NumberText(value));
}

void MetricsText::Sample(Labels labels, const DurationHistogram::Counts& counts) {
  constexpr auto& kBounds = DurationHistogram::kBoundsSeconds;
  uint64_t so_far = 0;
  for (size_t i = 0; i < counts.buckets.size(); ++i) {
    so_far += counts.buckets[i];
    const std::string le = i < kBounds.size() ? NumberText(kBounds[i]) : "+Inf";
    Line("_bucket", labels, le, std::to_string(so_far));
  }
  Line("_sum", labels, "", NumberText(counts.sum_seconds));
  Line("_count", labels, "", std::to_string(so_far));
}

}  // namespace clew::base
