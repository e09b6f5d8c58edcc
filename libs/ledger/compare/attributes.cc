// SPDX-License-Identifier: Apache-2.0
#include "ledger/compare/attributes.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <unordered_map>
#include <utility>

// The score is explained excess (Scorpion's influence, per value):
//
//   explained(v) = n_v * (mean time of the set's traces with v - usual time with v) / all excess
//
// with the rest's mean where too few of the rest have v. It adds up over the values of an
// attribute, as a ledger does. What may be shown at all is decided by the risk ratio's lower
// bound, support and the false discovery rate, so that a ranking of nothing is empty.

namespace clew::ledger {
namespace {

constexpr double kLeastRisk = 1.5;
constexpr double kLeastSupport = 0.05;  // of the set
constexpr double kFalseDiscoveryRate = 0.05;
constexpr double kIdentifierShare = 0.9;  // distinct values a trace, in both sets
constexpr uint64_t kLeastForMean = 5;
constexpr double kCopyOverlap = 0.95;  // Jaccard's index of the traces
constexpr size_t kLeastIdentified = 5;

// That a trace has a value. Traces of the set come first, then those of the rest.
struct Occurrence {
  Attribute attribute;
  uint32_t trace = 0;
  auto operator<=>(const Occurrence&) const = default;
};

// The traces that have one value.
struct ValueTraces {
  Attribute attribute;
  std::vector<uint32_t> traces;  // ascending
};

double JaccardOf(const std::vector<uint32_t>& one, const std::vector<uint32_t>& other) {
  std::vector<uint32_t> both;
  std::ranges::set_intersection(one, other, std::back_inserter(both));
  return static_cast<double>(both.size()) /
         static_cast<double>(one.size() + other.size() - both.size());
}

class Comparer {
 public:
  Comparer(std::span<const TraceAttributes> set, std::span<const TraceAttributes> rest)
      : set_size_(set.size()) {
    for (const auto& side : {set, rest}) {
      for (const TraceAttributes& trace : side) nanos_.push_back(static_cast<double>(trace.nanos));
    }
    set_mean_ = MeanOf(0, set_size_);
    rest_mean_ = MeanOf(set_size_, nanos_.size());
    by_duration_.resize(nanos_.size());
    std::iota(by_duration_.begin(), by_duration_.end(), uint32_t{0});
    std::ranges::sort(by_duration_, {}, [&](uint32_t i) { return std::pair(nanos_[i], i); });
    Collect(set, rest);
  }

  AttributeComparison Compare(std::span<const uint32_t> excluded) && {
    AttributeComparison comparison;
    for (size_t begin = 0; begin < values_.size();) {
      const uint32_t key = values_[begin].attribute.key;
      size_t end = begin;
      while (end < values_.size() && values_[end].attribute.key == key) ++end;
      const std::span<const ValueTraces> of_key(values_.data() + begin, end - begin);
      begin = end;
      if (std::ranges::find(excluded, key) != excluded.end()) continue;
      if (IsIdentifier(of_key)) {
        comparison.identifiers.push_back(key);
      } else if (IsRestatement(of_key)) {
        comparison.restatements.push_back(key);
      } else {
        Test(of_key);
      }
    }
    comparison.associations = Kept();
    return comparison;
  }

 private:
  double MeanOf(size_t begin, size_t end) const {
    if (begin == end) return 0;
    return std::accumulate(nanos_.begin() + static_cast<ptrdiff_t>(begin),
                           nanos_.begin() + static_cast<ptrdiff_t>(end), 0.0) /
           static_cast<double>(end - begin);
  }

  void Collect(std::span<const TraceAttributes> set, std::span<const TraceAttributes> rest) {
    std::vector<Occurrence> occurrences;
    uint32_t trace = 0;
    for (const auto& side : {set, rest}) {
      for (const TraceAttributes& attributes : side) {
        for (const Attribute& attribute : attributes.attributes) {
          occurrences.push_back({attribute, trace});
        }
        ++trace;
      }
    }
    std::ranges::sort(occurrences);
    for (const Occurrence& occurrence : occurrences) Note(occurrence.attribute, occurrence.trace);
    if (!values_.empty()) AddAbsent();
  }

  // Notes that a trace has a value. REQUIRES: called in ascending order
  void Note(const Attribute& attribute, uint32_t trace) {
    const bool new_key = values_.empty() || values_.back().attribute.key != attribute.key;
    if (new_key && !values_.empty()) AddAbsent();
    if (new_key) first_of_key_ = values_.size();
    if (new_key || values_.back().attribute != attribute) values_.push_back({attribute, {}});
    std::vector<uint32_t>& traces = values_.back().traces;
    if (traces.empty() || traces.back() != trace) traces.push_back(trace);
  }

  // The traces without any value of the last key.
  void AddAbsent() {
    std::vector<bool> present(nanos_.size(), false);
    for (size_t i = first_of_key_; i < values_.size(); ++i) {
      for (const uint32_t trace : values_[i].traces) present[trace] = true;
    }
    ValueTraces absent{{.key = values_.back().attribute.key, .value = kNone}, {}};
    for (uint32_t trace = 0; trace < nanos_.size(); ++trace) {
      if (!present[trace]) absent.traces.push_back(trace);
    }
    if (!absent.traces.empty()) values_.push_back(std::move(absent));
  }

  bool IsOfSet(uint32_t trace) const { return trace < set_size_; }
  uint64_t OfSet(const std::vector<uint32_t>& traces) const {
    const auto end = std::ranges::lower_bound(traces, static_cast<uint32_t>(set_size_));
    return static_cast<uint64_t>(end - traces.begin());
  }

  bool IsIdentifier(std::span<const ValueTraces> of_key) const {
    uint64_t values[2] = {0, 0}, traces[2] = {0, 0};
    for (const ValueTraces& value : of_key) {
      if (value.attribute.value == kNone) continue;
      const uint64_t of_set = OfSet(value.traces);
      const uint64_t of_rest = value.traces.size() - of_set;
      values[0] += of_set > 0;
      values[1] += of_rest > 0;
      traces[0] += of_set;
      traces[1] += of_rest;
    }
    const auto distinct = [&](int side) {
      return static_cast<double>(values[side]) >
             kIdentifierShare * static_cast<double>(traces[side]);
    };
    return traces[0] >= kLeastIdentified && traces[1] >= kLeastIdentified && distinct(0) &&
           distinct(1);
  }

  // In the order of duration each value has a stretch of its own. Two values do not tell: one that
  // all slow traces have, and no other, may well be the reason. Nor does a key of which traces have
  // several values.
  bool IsRestatement(std::span<const ValueTraces> of_key) const {
    constexpr size_t kLeastValues = 3;
    if (of_key.size() < kLeastValues) return false;
    size_t values = 0;
    for (const ValueTraces& value : of_key) values += value.traces.size();
    if (values > nanos_.size() + nanos_.size() / 50) return false;
    std::vector<uint32_t> value_of(nanos_.size(), kNone);
    for (uint32_t i = 0; i < of_key.size(); ++i) {
      for (const uint32_t trace : of_key[i].traces) value_of[trace] = i;
    }
    size_t stretches = 1;
    for (size_t i = 1; i < by_duration_.size(); ++i) {
      stretches += value_of[by_duration_[i]] != value_of[by_duration_[i - 1]];
    }
    // A few traces may be off: clocks, rounding. Of random values there are far more stretches.
    return stretches <= of_key.size() + by_duration_.size() / 50;
  }

  void Test(std::span<const ValueTraces> of_key) {
    for (const ValueTraces& value : of_key) {
      const uint64_t of_set = OfSet(value.traces);
      if (static_cast<double>(of_set) < kLeastSupport * static_cast<double>(set_size_)) continue;
      Association tested{
          .attribute = value.attribute,
          .set = {.with = of_set, .all = set_size_},
          .rest = {.with = value.traces.size() - of_set, .all = nanos_.size() - set_size_}};
      tested.risk = RiskRatioOf(tested.set, tested.rest);
      tested.explained = ExplainedBy(value.traces);
      // Twice: as small a share would be as much of a surprise.
      p_values_.push_back(std::min(1.0, 2 * MoreFrequentP(tested.set, tested.rest)));
      tested_.push_back(std::move(tested));
      traces_of_.push_back(&value.traces);
    }
  }

  double ExplainedBy(const std::vector<uint32_t>& traces) const {
    const double excess = static_cast<double>(set_size_) * (set_mean_ - rest_mean_);
    if (excess <= 0) return 0;
    double sums[2] = {0, 0};
    for (const uint32_t trace : traces) sums[IsOfSet(trace) ? 0 : 1] += nanos_[trace];
    const uint64_t of_set = OfSet(traces);
    const uint64_t of_rest = traces.size() - of_set;
    const double usual =
        of_rest >= kLeastForMean ? sums[1] / static_cast<double>(of_rest) : rest_mean_;
    return (sums[0] - static_cast<double>(of_set) * usual) / excess;
  }

  std::vector<Association> Kept() {
    const std::vector<double> q_values = QValues(p_values_);
    std::vector<size_t> order;
    for (size_t i = 0; i < tested_.size(); ++i) {
      tested_[i].q = q_values[i];
      const Association& tested = tested_[i];
      if (tested.risk.bounds.low > kLeastRisk && tested.q <= kFalseDiscoveryRate &&
          tested.explained > 0) {
        order.push_back(i);
      }
    }
    std::ranges::sort(order, {}, [&](size_t i) {
      return std::pair(-tested_[i].explained, tested_[i].attribute);
    });
    std::vector<Association> kept;
    std::vector<size_t> kept_indices;
    for (const size_t i : order) {
      const auto copy = std::ranges::find_if(kept_indices, [&](size_t other) {
        return JaccardOf(*traces_of_[i], *traces_of_[other]) > kCopyOverlap;
      });
      if (copy != kept_indices.end()) {
        kept[static_cast<size_t>(copy - kept_indices.begin())].copies.push_back(
            tested_[i].attribute);
      } else {
        kept.push_back(tested_[i]);
        kept_indices.push_back(i);
      }
    }
    return kept;
  }

  const size_t set_size_;
  std::vector<double> nanos_;  // of all traces
  double set_mean_ = 0, rest_mean_ = 0;
  std::vector<uint32_t> by_duration_;  // traces
  std::vector<ValueTraces> values_;    // by key; of each the absent ones last
  size_t first_of_key_ = 0;            // the first value of the last key
  std::vector<Association> tested_;
  std::vector<double> p_values_;                         // of tested_
  std::vector<const std::vector<uint32_t>*> traces_of_;  // likewise
};

}  // namespace

AttributeComparison CompareAttributes(std::span<const TraceAttributes> set,
                                      std::span<const TraceAttributes> rest,
                                      std::span<const uint32_t> excluded) {
  if (set.empty() || rest.empty()) return {};
  return Comparer(set, rest).Compare(excluded);
}

}  // namespace clew::ledger
