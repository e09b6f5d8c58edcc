// SPDX-License-Identifier: Apache-2.0
#include "reference/second_stages.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "reference/comparison.h"
#include "reference/numbers.h"
#include "reference/scalar_evaluator.h"

namespace clew::reference {
namespace {

struct Contender {
  double value;  // the less, the better
  std::string label_text;
  std::optional<double>* sample;
};

// Keeps, in each interval, the samples of the `count` first by sign * value; those with equal
// values by the text of their labels.
void KeepBest(std::vector<Series>& series, double sign, int64_t count) {
  const size_t intervals = series.empty() ? 0 : series.front().samples.size();
  for (size_t i = 0; i < intervals; ++i) {
    std::vector<Contender> contenders;
    for (Series& one : series) {
      std::optional<double>& sample = one.samples[i];
      if (sample) contenders.push_back({sign * *sample, LabelText(one.labels), &sample});
    }
    std::ranges::sort(contenders, {}, [](const Contender& contender) {
      return std::pair(contender.value, contender.label_text);
    });
    for (size_t place = static_cast<size_t>(count); place < contenders.size(); ++place) {
      contenders[place].sample->reset();
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
  const std::optional<traceql::Static> constant = ValueOfConstant(filter.constant);
  const std::optional<double> bound = constant ? SampleOf(*constant) : std::nullopt;
  Comparer comparer;
  for (Series& one : series) {
    for (std::optional<double>& sample : one.samples) {
      if (sample && !(bound && comparer.Compare(filter.op, *sample, *bound))) sample.reset();
    }
  }
}

}  // namespace

void ApplySecondStage(const traceql::SecondStage& stage, std::vector<Series>& series) {
  std::visit([&](const auto& node) { Apply(node, series); }, stage.node);
}

}  // namespace clew::reference
