// SPDX-License-Identifier: Apache-2.0
#include "reference/series_maths.h"

#include <cmath>
#include <utility>

#include "reference/numbers.h"

namespace clew::reference {
namespace {

using traceql::BinaryOperator;
using traceql::Static;
using Labels = std::vector<NamedValue>;
using Number = std::optional<Static>;

Labels WithoutName(Labels labels) {
  std::erase_if(labels, [](const NamedValue& label) { return label.name == kNameLabel; });
  return labels;
}

std::optional<double> ComputeSample(BinaryOperator op, std::optional<double> left,
                                    std::optional<double> right) {
  if (!left || !right) return std::nullopt;
  const Number result = Compute(op, Static(*left), Static(*right));
  const std::optional<double> sample = result ? NumberOf(*result) : std::nullopt;
  return sample && std::isfinite(*sample) ? sample : std::nullopt;
}

// Labels in the order in which series have them say the same in any other.
bool SameLabels(const Labels& left, const Labels& right) {
  if (left.size() != right.size()) return false;
  for (const NamedValue& label : left) {
    bool found = false;
    for (const NamedValue& other : right) {
      found = found || (label.name == other.name && label.value == other.value);
    }
    if (!found) return false;
  }
  return true;
}

std::optional<Series> Meet(BinaryOperator op, const Series& left, const Series& right) {
  Labels of_left = WithoutName(left.labels);
  Labels of_right = WithoutName(right.labels);
  if (!of_left.empty() && !of_right.empty() && !SameLabels(of_left, of_right)) return std::nullopt;
  Series series{.labels = of_left.empty() ? std::move(of_right) : std::move(of_left)};
  for (size_t i = 0; i < left.samples.size(); ++i) {
    series.samples.push_back(ComputeSample(op, left.samples[i], right.samples[i]));
  }
  return series;
}

// The number as a series, for as many intervals.
Series Constant(const Number& number, size_t interval_count) {
  const std::optional<double> sample = number ? NumberOf(*number) : std::nullopt;
  return {.samples = std::vector<std::optional<double>>(interval_count, sample)};
}

std::vector<Series> AsSeries(const MathsOperand& operand, const MathsOperand& other) {
  if (const auto* const series = std::get_if<std::vector<Series>>(&operand.value)) return *series;
  const auto& beside = std::get<std::vector<Series>>(other.value);
  if (beside.empty()) return {};
  return {Constant(std::get<Number>(operand.value), beside.front().samples.size())};
}

Number ComputeNumbers(BinaryOperator op, const Number& left, const Number& right) {
  if (!left || !right) return std::nullopt;
  return Compute(op, *left, *right);
}

}  // namespace

MathsOperand Compute(BinaryOperator op, const MathsOperand& left, const MathsOperand& right) {
  const std::string sign(traceql::TextOf(op));
  MathsOperand result{.name = "(" + left.name + " " + sign + " " + right.name + ")", .value = {}};
  const auto* const number_left = std::get_if<Number>(&left.value);
  const auto* const number_right = std::get_if<Number>(&right.value);
  if (number_left != nullptr && number_right != nullptr) {
    result.value = ComputeNumbers(op, *number_left, *number_right);
    return result;
  }
  std::vector<Series> all;
  for (const Series& of_left : AsSeries(left, right)) {
    for (const Series& of_right : AsSeries(right, left)) {
      std::optional<Series> series = Meet(op, of_left, of_right);
      if (!series) continue;
      SetValue(series->labels, {kNameLabel, FieldValue::Of(result.name)});
      all.push_back(*std::move(series));
    }
  }
  result.value = std::move(all);
  return result;
}

}  // namespace clew::reference
