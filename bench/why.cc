// SPDX-License-Identifier: Apache-2.0
// How good is the comparison of two sets of traces? Reads days with known faults from its input
// (nezha_days.h), asks of each fault what the traces after it have more of than those before, and
// prints what came out, for bench/why.py to count:
//
//   exact TRACES WRONG                          the ledger's sum is the root's time
//   fault DAY TYPE SERVICE RANK SAID REASON     RANK 0: the service was not named
//   quiet DAY WINDOW REASON SAID                a minute without a fault against all the others
//   half DAY SEED SAID                          half of the traces without a fault against the
//   other fewer DAY TYPE SERVICE SEED SAME            without a fifth of the traces: the same first
//   service lost DAY TYPE SERVICE RANK                  without a tenth of the spans missing NANOS
//   what parents that were lost own then
//
// SAID: 1 if the answer is not "nothing stands out". REASON: that of the service that is named
// first: the category of its growth, "errors", or "missing" where visits end early.
//
//   bench_why HALVES FEWER < days
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <map>
#include <numeric>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/compare/culprits.h"
#include "ledger/compare/difference.h"
#include "ledger/label.h"
#include "ledger/ledger.h"
#include "nezha_days.h"

namespace clew::bench {
namespace {

using ledger::Category;
using ledger::Difference;
using ledger::LedgerSet;
using ledger::Names;
using ledger::TraceSummary;

constexpr uint64_t kLeastTraces = 15;  // of a quiet minute

std::string_view NameOf(const ledger::Culprit& culprit) {
  if (culprit.reason == ledger::Culprit::Reason::kErrors) return "errors";
  if (culprit.reason == ledger::Culprit::Reason::kLostStep) return "missing";
  return ledger::NameOf(culprit.category);
}

struct Answer {
  std::vector<std::string> services{};
  bool said = false;
  std::string reason = "none";  // of the first

  size_t RankOf(const std::string& service) const {
    for (size_t i = 0; i < services.size(); ++i) {
      if (services[i] == service) return i + 1;
    }
    return 0;
  }
};

// The traces of a day, summed up, and which of them are of what fault.
class Asker {
 public:
  Asker(const Day& day, const Names& names, double lost, uint64_t seed) : names_(names) {
    for (const RecordedTrace& recorded : day.traces) {
      const ledger::Trace trace = TraceOf(recorded, lost, seed);
      const ledger::TraceLedger ledger = ledger::BuildLedger(trace);
      summaries_.push_back(ledger::Summarise(trace, ledger, 0));
      Note(recorded, summaries_.back(), day.faults);
    }
  }

  using Traces = std::vector<size_t>;
  const Traces& quiet() const { return quiet_; }
  const std::map<std::string, Traces>& windows() const { return windows_; }  // the quiet ones
  // Of the fault with this index.
  const Traces& During(size_t fault) const {
    static const Traces nothing;
    const auto found = faulty_.find(fault);
    return found == faulty_.end() ? nothing : found->second;
  }
  uint64_t wrong_sums() const { return wrong_sums_; }
  uint64_t missing_nanos() const { return missing_nanos_; }
  size_t traces() const { return summaries_.size(); }

  Answer Ask(const Traces& set, const Traces& usual) const {
    const Difference difference = ledger::Compare(SetOf(set), SetOf(usual));
    Answer answer{.said = !difference.nothing_stands_out()};
    for (const ledger::Culprit& culprit : ledger::CulpritsOf(difference)) {
      if (answer.services.empty()) answer.reason = NameOf(culprit);
      answer.services.push_back(names_.text(culprit.service));
    }
    return answer;
  }

 private:
  void Note(const RecordedTrace& recorded, const TraceSummary& summary,
            const std::vector<Fault>& faults) {
    const size_t index = summaries_.size() - 1;
    uint64_t sum = 0;
    for (const auto& [owner, nanos] : summary.rows) {
      sum += nanos;
      if (owner.category == Category::kMissing) missing_nanos_ += nanos;
    }
    const RecordedSpan& root = recorded.spans.front();
    wrong_sums_ += sum != summary.nanos || sum != root.end_ns - root.start_ns;
    for (size_t fault = faults.size(); fault > 0; --fault) {
      if (!faults[fault - 1].Holds(recorded)) continue;
      faulty_[fault - 1].push_back(index);
      return;
    }
    quiet_.push_back(index);
    windows_[recorded.window].push_back(index);
  }

  LedgerSet SetOf(const Traces& traces) const {
    LedgerSet set;
    for (const size_t trace : traces) set.Add(summaries_[trace]);
    return set;
  }

  const Names& names_;
  std::vector<TraceSummary> summaries_;
  Traces quiet_;
  std::map<std::string, Traces> windows_;
  std::map<size_t, Traces> faulty_;
  uint64_t wrong_sums_ = 0;
  uint64_t missing_nanos_ = 0;
};

Asker::Traces WithoutAFifth(const Asker::Traces& traces, std::mt19937_64& random) {
  Asker::Traces kept;
  for (const size_t trace : traces) {
    if (random() % 5 != 0) kept.push_back(trace);
  }
  return kept;
}

void AskFaults(const Day& day, const Asker& asker, int fewer) {
  for (size_t i = 0; i < day.faults.size(); ++i) {
    const Fault& fault = day.faults[i];
    if (asker.During(i).empty()) continue;  // nothing was recorded
    const Answer answer = asker.Ask(asker.During(i), asker.quiet());
    const char* type = fault.type.c_str();
    const char* service = fault.service.c_str();
    std::printf("fault %s %s %s %zu %d %s\n", day.name.c_str(), type, service,
                answer.RankOf(fault.service), answer.said, answer.reason.c_str());
    for (int seed = 0; seed < fewer && answer.RankOf(fault.service) == 1; ++seed) {
      std::mt19937_64 random(static_cast<uint64_t>(seed));
      const Asker::Traces set = WithoutAFifth(asker.During(i), random);
      const Answer other = asker.Ask(set, WithoutAFifth(asker.quiet(), random));
      const bool same = !other.services.empty() && other.services[0] == answer.services[0];
      std::printf("fewer %s %s %s %d %d\n", day.name.c_str(), type, service, seed, same);
    }
  }
}

void AskQuiet(const Day& day, const Asker& asker, int halves) {
  for (const auto& [window, traces] : asker.windows()) {
    if (traces.size() < kLeastTraces) continue;
    Asker::Traces others;
    std::ranges::set_difference(asker.quiet(), traces, std::back_inserter(others));
    const Answer answer = asker.Ask(traces, others);
    std::printf("quiet %s %s %s %d\n", day.name.c_str(), window.c_str(), answer.reason.c_str(),
                answer.said);
  }
  for (int seed = 0; seed < halves; ++seed) {
    std::mt19937_64 random(static_cast<uint64_t>(seed));
    Asker::Traces one, other;
    for (const size_t trace : asker.quiet()) (random() % 2 == 0 ? one : other).push_back(trace);
    std::printf("half %s %d %d\n", day.name.c_str(), seed, asker.Ask(one, other).said);
  }
}

void AskWithLoss(const Day& day, const Names& names) {
  const Asker asker(day, names, 0.1, 1);
  for (size_t i = 0; i < day.faults.size(); ++i) {
    if (asker.During(i).empty()) continue;
    const Answer answer = asker.Ask(asker.During(i), asker.quiet());
    std::printf("lost %s %s %s %zu\n", day.name.c_str(), day.faults[i].type.c_str(),
                day.faults[i].service.c_str(), answer.RankOf(day.faults[i].service));
  }
  std::printf("missing %lu\n", asker.missing_nanos());
}

int Main(int halves, int fewer) {
  Names names;
  for (const Day& day : ReadDays(std::cin, names)) {
    const Asker asker(day, names, 0, 0);
    std::printf("exact %zu %lu\n", asker.traces(), asker.wrong_sums());
    AskFaults(day, asker, fewer);
    AskQuiet(day, asker, halves);
    AskWithLoss(day, names);
  }
  return 0;
}

}  // namespace
}  // namespace clew::bench

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: bench_why HALVES FEWER < days\n", stderr);
    return 2;
  }
  std::ios::sync_with_stdio(false);
  return clew::bench::Main(std::atoi(argv[1]), std::atoi(argv[2]));
}
