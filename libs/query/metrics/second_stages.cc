// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/second_stages.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <tuple>

namespace clew::query {
namespace {

struct Contender {
  double value;  // the less, the better
  const std::string* label_text;
  double* sample;
};

void KeepBest(std::vector<Series>& series, double sign, int64_t count) {
  std::vector<std::string> texts;
  texts.reserve(series.size());
  for (const Series& one : series) texts.push_back(LabelText(one.labels));
  const size_t intervals = series.empty() ? 0 : series.front().samples.size();
  for (size_t interval = 0; interval < intervals; ++interval) {
    std::vector<Contender> contenders;
    for (size_t i = 0; i < series.size(); ++i) {
      double& sample = series[i].samples[interval];
      if (!std::isnan(sample)) contenders.push_back({sign * sample, &texts[i], &sample});
    }
    std::ranges::sort(contenders, [](const Contender& a, const Contender& b) {
      return std::tie(a.value, *a.label_text) < std::tie(b.value, *b.label_text);
    });
    for (size_t i = static_cast<size_t>(count); i < contenders.size(); ++i) {
      *contenders[i].sample = kNoSample;
    }
  }
}

void Apply(const traceql::TopK& top, std::vector<Series>& series) {
  KeepBest(series, -1, top.count);
}

void Apply(const traceql::BottomK& bottom, std::vector<Series>& series) {
  KeepBest(series, 1, bottom.count);
}

void Apply(const traceql::SampleFilter& filter, std::vector<Series>& series) {
  const Scalar constant = ValueOfConstant(filter.constant);
  const std::optional<double> number = NumberOf(constant);
  const bool seconds = std::holds_alternative<Duration>(constant);
  for (Series& one : series) {
    for (double& sample : one.samples) {
      const bool holds =
          number && Compare(filter.op, Scalar(sample), Scalar(seconds ? *number / 1e9 : *number));
      if (!holds) sample = kNoSample;
    }
  }
}

}  // namespace

void ApplySecondStage(const traceql::SecondStage& stage, std::vector<Series>& series) {
  std::visit([&](const auto& node) { Apply(node, series); }, stage.node);
}

Scalar ValueOfConstant(const traceql::ScalarExpr& expr) {
  if (const auto* literal = std::get_if<traceql::Static>(&expr.node)) return ScalarOf(*literal);
  const auto* binary = std::get_if<traceql::ScalarBinary>(&expr.node);
  if (binary == nullptr) return Nil();
  return Calculate(binary->op, ValueOfConstant(*binary->left), ValueOfConstant(*binary->right));
}

}  // namespace clew::query
