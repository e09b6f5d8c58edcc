// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "ledger/compare/ledger_set.h"
#include "ledger/compare/probability.h"

// Where one set of traces spends more time than another: docs/comparison.md says by which rules.
namespace clew::ledger {

// What a part or a row takes in a trace of the set, and what it takes in those it is compared
// with, on the average, when these are of the same kinds as often. In nanoseconds.
struct Growth {
  double now_ns = 0, usual_ns = 0;
  double error_ns = 0;  // the standard error of now - usual

  double nanos() const { return now_ns - usual_ns; }
};

struct PartGrowth {
  Part part;
  uint32_t operation = Names::kEmpty;  // of its rows the one that grew most
  Growth growth{};
  Bounds bounds{0, 0};  // 95 % of growth.nanos()
  double q = 1;         // Benjamini and Hochberg's, over all parts
  // More than usual: no chance (q), and enough to matter (kLeastShare, kLeastNanos).
  bool stands_out = false;
};

// A service that time is charged to, with its parts; those of a network belong to the caller where
// all its calls grew and nothing else of the callee did.
struct Suspect {
  uint32_t service = Names::kEmpty;
  Growth growth;            // of all its parts
  double score = 0;         // the lower bound of its growth, relative to what it usually takes
  bool stands_out = false;  // one of its parts does
  std::vector<PartGrowth> parts;  // what to say first comes first
};

// Of visits of an operation, the share in which something happens, when kinds of requests are as
// frequent as in the set.
struct Shares {
  double now = 0, usual = 0;
  uint64_t visits = 0, usual_visits = 0;

  double more() const { return now - usual; }
};

// Something that visits of an operation usually do, and do less often now.
struct LostStep {
  Operation entry;
  Operation step;
  Shares shares{};
  // Where they end now: the call that is the last more often by at least half as much; else empty.
  Operation stops_after{};
  double q = 1;
};

// An operation in which errors begin more often than usual.
struct MoreErrors {
  Operation entry;
  Shares shares{};
  double q = 1;
};

struct Difference {
  uint64_t traces = 0, usual_traces = 0;
  uint64_t compared = 0;  // of the traces, those of a kind that the others have too
  uint64_t left_out = 0;  // of the others: from periods that were slow themselves
  Growth total{};         // of whole traces, as they come; of the others without what is left out
  double mix_ns = 0;      // what of it comes from other kinds of requests, or other shares
  double change_ns = 0;   // what from each of them being slower: sums to total.nanos()
  std::vector<Suspect> suspects{};     // those that stand out first, then by score
  std::vector<LostStep> lost_steps{};  // by how much less often, most first
  std::vector<MoreErrors> errors{};    // likewise

  // It is of what nobody waited for: each account of that is a trace here (TraceSet).
  bool detached = false;

  bool nothing_stands_out() const {
    return lost_steps.empty() && errors.empty() &&
           (suspects.empty() || !suspects.front().stands_out);
  }
};

// All parts, by how much they grew, most first; of equal ones by the part.
std::vector<PartGrowth> PartsOf(const Difference& difference);

// Growth below these shares of the usual time of a whole trace, or below this time, is not worth
// a word.
constexpr double kLeastShare = 0.02;
constexpr double kLeastNanos = 50'000;
// Discoveries that are false, at most.
constexpr double kFalseDiscoveries = 0.05;

// What `set` has more of than `usual`. Depends on the sets only, not on the order in which traces
// were added; but sums of another order may round otherwise.
Difference Compare(LedgerSet set, LedgerSet usual);

}  // namespace clew::ledger
