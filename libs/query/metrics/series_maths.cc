// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/series_maths.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace clew::query {
namespace {

using traceql::BinaryOperator;
using Labels = std::vector<AnswerAttribute>;

Labels WithoutName(Labels labels) {
  std::erase_if(labels, [](const AnswerAttribute& label) { return label.key == kNameLabel; });
  return labels;
}

// The same for the same labels in any order.
std::string TextInOrder(Labels labels) {
  std::ranges::sort(labels, {}, &AnswerAttribute::key);
  return LabelText(labels);
}

double ComputeSample(BinaryOperator op, double left, double right) {
  if (std::isnan(left) || std::isnan(right)) return kNoSample;
  const std::optional<double> result = NumberOf(Calculate(op, Scalar(left), Scalar(right)));
  return result && std::isfinite(*result) ? *result : kNoSample;
}

// A side of an operator, as series without names.
struct Side {
  std::vector<Series> series;
  std::vector<std::string> texts;  // of their labels

  static Side Of(const MathsOperand& operand, const MathsOperand& other) {
    Side side;
    if (const auto* series = std::get_if<std::vector<Series>>(&operand.value)) {
      side.series = *series;
    } else if (const auto& beside = std::get<std::vector<Series>>(other.value); !beside.empty()) {
      const double number = NumberOf(std::get<Scalar>(operand.value)).value_or(kNoSample);
      side.series.push_back(
          {.samples = std::vector<double>(beside.front().samples.size(), number)});
    }
    for (Series& one : side.series) {
      one.labels = WithoutName(std::move(one.labels));
      side.texts.push_back(TextInOrder(one.labels));
    }
    return side;
  }
};

Series Meet(BinaryOperator op, const Series& left, const Series& right, const std::string& name) {
  Series series{.labels = left.labels.empty() ? right.labels : left.labels};
  for (size_t i = 0; i < left.samples.size(); ++i) {
    series.samples.push_back(ComputeSample(op, left.samples[i], right.samples[i]));
  }
  SetAttribute(series.labels, {.key = kNameLabel, .values = {name}});
  return series;
}

}  // namespace

MathsOperand Compute(BinaryOperator op, const MathsOperand& left, const MathsOperand& right) {
  const std::string sign(traceql::TextOf(op));
  MathsOperand result{"(" + left.name + " " + sign + " " + right.name + ")", Scalar(Nil())};
  const auto* left_number = std::get_if<Scalar>(&left.value);
  const auto* right_number = std::get_if<Scalar>(&right.value);
  if (left_number != nullptr && right_number != nullptr) {
    result.value = Calculate(op, *left_number, *right_number);
    return result;
  }
  const Side of_left = Side::Of(left, right);
  const Side of_right = Side::Of(right, left);
  std::vector<Series> all;
  for (size_t i = 0; i < of_left.series.size(); ++i) {
    for (size_t j = 0; j < of_right.series.size(); ++j) {
      const Series& one = of_left.series[i];
      const Series& other = of_right.series[j];
      const bool meet =
          one.labels.empty() || other.labels.empty() || of_left.texts[i] == of_right.texts[j];
      if (meet) all.push_back(Meet(op, one, other, result.name));
    }
  }
  result.value = std::move(all);
  return result;
}

}  // namespace clew::query
