// SPDX-License-Identifier: Apache-2.0
#include "ledger/compare/difference_text.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "ledger/amount_text.h"
#include "ledger/compare/comparison.h"
#include "ledger/label.h"
#include "ledger/shares.h"

namespace clew::ledger {
namespace {

constexpr size_t kMostParts = 3;

uint64_t Whole(double nanos) {
  return static_cast<uint64_t>(std::llround(std::max(0.0, nanos)));
}
std::string Percent(uint64_t share) {
  return std::to_string(share) + " %";
}
std::string PercentOf(double share) {
  return Percent(Whole(100 * share));
}

class Writer {
 public:
  Writer(const Difference& difference, const Names& names)
      : difference_(difference), names_(names) {}

  std::vector<Phrase> Write() && {
    if (std::min(difference_.compared, difference_.usual_traces) < kLeastOfSet) {
      Add("Too few traces to compare: " + Counts() + ".");
      return std::move(phrases_);
    }
    if (difference_.detached) Add("Nobody waits longer, but behind them: ");
    if (!difference_.suspects.empty() && difference_.suspects.front().stands_out) {
      AddGrowth();
    } else if (difference_.nothing_stands_out()) {
      Add("Nothing stands out: every row is within its usual range (" + Counts() + ").");
    } else {
      Add("No change in time (" + Counts() + ").");
    }
    AddVisits();
    AddMix();
    return std::move(phrases_);
  }

 private:
  using Kind = Phrase::Kind;

  void Add(std::string text, Kind kind = Kind::kPlain, uint32_t row = kNone) {
    phrases_.push_back({.text = std::move(text), .kind = kind, .row = row});
  }
  std::string Counts() const {
    return "n = " + std::to_string(difference_.compared) + ", against " +
           std::to_string(difference_.usual_traces);
  }
  std::string NameOf(const Operation& operation) const {
    return names_.text(operation.service) + " " + names_.text(operation.name);
  }

  void AddGrowth() {
    std::vector<const PartGrowth*> told;  // then the others
    std::vector<const PartGrowth*> others;
    bool all_told = true;
    for (const Suspect& suspect : difference_.suspects) {
      for (const PartGrowth& part : suspect.parts) {
        const bool tell = part.stands_out && told.size() < kMostParts;
        (tell ? told : others).push_back(&part);
        all_told &= tell || !part.stands_out;
      }
    }
    const size_t count = told.size();
    told.insert(told.end(), others.begin(), others.end());
    std::vector<uint64_t> now, usual;
    for (const PartGrowth* part : told) {
      now.push_back(Whole(part->growth.now_ns));
      usual.push_back(Whole(part->growth.usual_ns));
    }
    AddTotals(now, usual);
    AddParts({told.data(), count}, SharesOf(now), SharesOf(usual));
    Add(all_told ? "." : ", of which more grew.");
    AddCaller();
  }

  void AddTotals(const std::vector<uint64_t>& now, const std::vector<uint64_t>& usual) {
    uint64_t total = 0, usual_total = 0;
    for (const uint64_t nanos : now) total += nanos;
    for (const uint64_t nanos : usual) usual_total += nanos;
    Add(AmountText(total), Kind::kTotal);
    Add(" on the average (normally " + AmountText(usual_total) + "; " + Counts() + ").");
  }

  void AddParts(std::span<const PartGrowth* const> parts, const std::vector<uint32_t>& shares,
                const std::vector<uint32_t>& usual_shares) {
    const std::vector<PartGrowth> rows = PartsOf(difference_);
    uint32_t rest = 100;
    for (size_t i = 0; i < parts.size(); ++i) {
      const Owner owner{.service = parts[i]->part.service,
                        .operation = parts[i]->operation,
                        .peer = parts[i]->part.peer,
                        .category = parts[i]->part.category};
      const auto row = std::ranges::find(rows, parts[i]->part, &PartGrowth::part);
      Add(i == 0 ? " " : "; ");
      Add(Percent(shares[i]) + " " + std::string(PrepositionOf(owner, GroupBy::kOperation)) +
              LabelOf(owner, GroupBy::kOperation, names_),
          Kind::kRow, static_cast<uint32_t>(row - rows.begin()));
      Add(" (normally " + Percent(usual_shares[i]) + ")");
      rest -= std::min(rest, shares[i]);
    }
    if (rest == 0) return;
    Add("; ");
    Add("rest " + Percent(rest), Kind::kRest);
  }

  // Where calls are charged to the one who makes them.
  void AddCaller() {
    const Suspect& first = difference_.suspects.front();
    const auto calls = std::ranges::count_if(first.parts, [&](const PartGrowth& part) {
      return part.part.category == Category::kNetwork && part.part.peer == first.service;
    });
    if (calls > 0) {
      Add(" " + std::to_string(calls) + " calls of " + names_.text(first.service) +
          " grew together.");
    }
  }

  void AddVisits() {
    if (!difference_.errors.empty()) {
      const MoreErrors& errors = difference_.errors.front();
      Add(" Errors begin in " + NameOf(errors.entry) + " in " + PercentOf(errors.shares.now) +
          " of " + std::to_string(errors.shares.visits) + " (normally " +
          PercentOf(errors.shares.usual) + ").");
    }
    if (!difference_.lost_steps.empty()) {
      const LostStep& lost = difference_.lost_steps.front();
      Add(" In " + NameOf(lost.entry) + " " + NameOf(lost.step) + " is missing in " +
          PercentOf(1 - lost.shares.now) + " of " + std::to_string(lost.shares.visits) +
          " (normally " + PercentOf(1 - lost.shares.usual) + ")");
      if (lost.stops_after != Operation{}) Add("; it ends after " + NameOf(lost.stops_after));
      Add(".");
    }
  }

  void AddMix() {
    const double least = std::max(kLeastNanos, kLeastShare * difference_.total.usual_ns);
    if (std::abs(difference_.mix_ns) < least) return;
    Add(" The mix of requests has changed, which alone makes " +
        AmountText(Whole(std::abs(difference_.mix_ns))) +
        (difference_.mix_ns > 0 ? " more" : " less") + " a trace.");
  }

  const Difference& difference_;
  const Names& names_;
  std::vector<Phrase> phrases_;
};

}  // namespace

std::string TextOf(const Difference& difference, const Names& names) {
  std::string text;
  for (const Phrase& phrase : PhrasesOf(difference, names)) text += phrase.text;
  return text;
}

std::vector<Phrase> PhrasesOf(const Difference& difference, const Names& names) {
  return Writer(difference, names).Write();
}

}  // namespace clew::ledger
