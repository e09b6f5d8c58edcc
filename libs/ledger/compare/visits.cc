// SPDX-License-Identifier: Apache-2.0
#include "ledger/compare/visits.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace clew::ledger {
namespace {

constexpr uint64_t kLeastVisits = 10;
constexpr double kUsualStep = 0.5;
constexpr double kLeastLoss = 0.2;
constexpr double kLeastErrors = 0.01;

uint64_t CountOf(const std::map<Operation, uint64_t>& counts, const Operation& operation) {
  const auto found = counts.find(operation);
  return found == counts.end() ? 0 : found->second;
}

// Calls `with` with each operation that both sets have enough visits of.
template <typename Function>
void ForEachShared(const std::map<Operation, VisitCounts>& set,
                   const std::map<Operation, VisitCounts>& usual, Function with) {
  for (const auto& [entry, now] : set) {
    const auto other = usual.find(entry);
    if (other == usual.end()) continue;
    if (now.visits >= kLeastVisits && other->second.visits >= kLeastVisits) {
      with(entry, now, other->second);
    }
  }
}

// The call after which visits end more often than usual, by at least half of `loss`.
Operation StopOf(const VisitCounts& now, const VisitCounts& usual, double loss) {
  Operation stop;
  double most = loss / 2;
  for (const auto& [call, times] : now.last_call) {
    const Proportion before{.with = CountOf(usual.last_call, call), .all = usual.visits};
    const double more = Proportion{.with = times, .all = now.visits}.share() - before.share();
    if (more < most) continue;
    most = more;
    stop = call;
  }
  return stop;
}

template <typename Change>
void SetQ(std::vector<Change>& changes) {
  std::vector<double> p_values;
  for (const Change& change : changes) p_values.push_back(TwoProportionP(change.now, change.usual));
  const std::vector<double> q_values = QValues(p_values);
  for (size_t i = 0; i < changes.size(); ++i) changes[i].q = q_values[i];
}

}  // namespace

std::vector<LostStep> LostStepsOf(const std::map<Operation, VisitCounts>& set,
                                  const std::map<Operation, VisitCounts>& usual) {
  std::vector<LostStep> steps;
  ForEachShared(
      set, usual, [&](const Operation& entry, const VisitCounts& now, const VisitCounts& before) {
        for (const auto& [step, times] : before.with_step) {
          const Proportion was{.with = times, .all = before.visits};
          if (was.share() < kUsualStep) continue;
          steps.push_back({.entry = entry,
                           .step = step,
                           .now = {.with = CountOf(now.with_step, step), .all = now.visits},
                           .usual = was});
        }
      });
  SetQ(steps);
  const auto loss = [](const LostStep& step) { return step.usual.share() - step.now.share(); };
  std::erase_if(steps, [&](const LostStep& step) {
    return step.q > kFalseDiscoveries || loss(step) < kLeastLoss;
  });
  std::ranges::sort(steps, {}, [&](const LostStep& step) {
    return std::tuple(-loss(step), step.entry, step.step);
  });

  std::vector<LostStep> most;
  for (LostStep& step : steps) {
    const auto same = [&](const LostStep& other) { return other.entry == step.entry; };
    if (std::ranges::any_of(most, same)) continue;
    step.stops_after = StopOf(set.at(step.entry), usual.at(step.entry), loss(step));
    most.push_back(step);
  }
  return most;
}

std::vector<MoreErrors> MoreErrorsOf(const std::map<Operation, VisitCounts>& set,
                                     const std::map<Operation, VisitCounts>& usual) {
  std::vector<MoreErrors> errors;
  ForEachShared(set, usual,
                [&](const Operation& entry, const VisitCounts& now, const VisitCounts& before) {
                  errors.push_back({.entry = entry,
                                    .now = {.with = now.failed, .all = now.visits},
                                    .usual = {.with = before.failed, .all = before.visits}});
                });
  SetQ(errors);
  const auto more = [](const MoreErrors& change) {
    return change.now.share() - change.usual.share();
  };
  std::erase_if(errors, [&](const MoreErrors& change) {
    return change.q > kFalseDiscoveries || more(change) < kLeastErrors;
  });
  std::ranges::sort(
      errors, {}, [&](const MoreErrors& change) { return std::pair(-more(change), change.entry); });
  return errors;
}

}  // namespace clew::ledger
