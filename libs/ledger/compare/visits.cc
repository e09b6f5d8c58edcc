// SPDX-License-Identifier: Apache-2.0
#include "ledger/compare/visits.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "ledger/compare/comparison.h"

namespace clew::ledger {
namespace {

constexpr double kUsualStep = 0.5;
constexpr double kLeastLoss = 0.2;
constexpr double kLeastErrors = 0.01;

using VisitComparison = Comparison<Step>;

// Calls `with` with each operation that both sets have enough visits of.
template <typename Function>
void ForEachShared(const VisitCells& set, const VisitCells& usual, Function with) {
  for (const auto& [entry, now] : set) {
    const auto other = usual.find(entry);
    if (other == usual.end()) continue;
    const VisitComparison comparison(now, other->second);
    if (comparison.enough()) with(entry, comparison);
  }
}

Shares SharesOf(const VisitComparison& comparison, const Estimate& estimate) {
  return {.now = estimate.now,
          .usual = estimate.usual,
          .visits = comparison.set_count(),
          .usual_visits = comparison.usual_count()};
}

// The call after which visits end more often than usual, by at least half of `loss`.
Operation StopOf(const VisitComparison& comparison, double loss) {
  Operation stop;
  double most = loss / 2;
  for (const Step& step : comparison.Keys()) {
    if (step.what != Step::What::kLastCall) continue;
    const Estimate estimate = comparison.EstimateOf(step, Scale::kLinear);
    if (estimate.now - estimate.usual < most) continue;
    most = estimate.now - estimate.usual;
    stop = step.operation;
  }
  return stop;
}

}  // namespace

std::vector<LostStep> LostStepsOf(const VisitCells& set, const VisitCells& usual) {
  std::vector<LostStep> steps;
  std::vector<double> p_values;
  ForEachShared(set, usual, [&](const Operation& entry, const VisitComparison& comparison) {
    for (const Step& step : comparison.Keys()) {
      if (step.what != Step::What::kTaken) continue;
      const Estimate estimate = comparison.EstimateOf(step, Scale::kLinear);
      if (estimate.usual < kUsualStep) continue;
      p_values.push_back(estimate.LossP());
      steps.push_back({.entry = entry,
                       .step = step.operation,
                       .shares = SharesOf(comparison, estimate),
                       .stops_after = StopOf(comparison, estimate.usual - estimate.now)});
    }
  });
  const std::vector<double> q_values = QValues(p_values);
  for (size_t i = 0; i < steps.size(); ++i) steps[i].q = q_values[i];
  std::erase_if(steps, [](const LostStep& step) {
    return step.q > kFalseDiscoveries || -step.shares.more() < kLeastLoss;
  });
  std::ranges::sort(steps, {}, [](const LostStep& step) {
    return std::tuple(step.shares.more(), step.entry, step.step);
  });

  std::vector<LostStep> most;
  for (const LostStep& step : steps) {
    const auto same = [&](const LostStep& other) { return other.entry == step.entry; };
    if (!std::ranges::any_of(most, same)) most.push_back(step);
  }
  return most;
}

std::vector<MoreErrors> MoreErrorsOf(const VisitCells& set, const VisitCells& usual) {
  std::vector<MoreErrors> errors;
  std::vector<double> p_values;
  ForEachShared(set, usual, [&](const Operation& entry, const VisitComparison& comparison) {
    const Estimate estimate = comparison.EstimateOf({.what = Step::What::kFailed}, Scale::kLinear);
    p_values.push_back(estimate.GrowthP());
    errors.push_back({.entry = entry, .shares = SharesOf(comparison, estimate)});
  });
  const std::vector<double> q_values = QValues(p_values);
  for (size_t i = 0; i < errors.size(); ++i) errors[i].q = q_values[i];
  std::erase_if(errors, [](const MoreErrors& change) {
    return change.q > kFalseDiscoveries || change.shares.more() < kLeastErrors;
  });
  std::ranges::sort(errors, {}, [](const MoreErrors& change) {
    return std::pair(-change.shares.more(), change.entry);
  });
  return errors;
}

}  // namespace clew::ledger
