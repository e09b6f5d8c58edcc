// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "query/eval/shallow_value.h"
#include "query/memory_budget.h"
#include "query/metrics/log2_histogram.h"
#include "query/source_tags.h"
#include "query/tag_fields.h"
#include "query/value_traces.h"

namespace clew::query {

// Of values the traces that were told of them. Those of a trace are told one after the other. One
// thread.
class TraceCounts {
 public:
  struct Count {
    uint64_t traces = 0;
    uint64_t last_trace = 0;              // that was told of it
    const void* last_gatherer = nullptr;  // of those who keep it for later
    Log2Histogram durations{};
    int64_t longest_ns = 0;
  };

  explicit TraceCounts(MemoryBudget* memory) : memory_(memory) {}

  // The values that are told from here on are those of another trace.
  void BeginTrace(int64_t duration_ns) {
    ++trace_;
    duration_ns_ = duration_ns;
    bucket_ = Log2Bucket::Of(Duration{duration_ns});
  }
  // Texts may lie elsewhere from here on.
  void BeginSource(uint64_t source) {
    if (source != source_) known_.clear();
    source_ = source;
  }
  // As CountOf, which is asked once for a text that lies in one place; null for nil as well.
  Count* Known(const Scalar& scalar) {
    if (std::holds_alternative<Nil>(scalar)) return nullptr;
    const auto [known, is_new] = known_.try_emplace(*ShallowValue::Of(Value::Of(scalar)));
    if (is_new) known->second = CountOf(scalar);
    return known->second;
  }
  void Add(Count* count) {
    if (count == nullptr || count->last_trace == trace_) return;
    count->last_trace = trace_;
    ++count->traces;
    if (bucket_) count->durations.Add(*bucket_, 1);
    count->longest_ns = std::max(count->longest_ns, duration_ns_);
  }
  // Stays where it is; null: of a type that tags do not have.
  Count* CountOf(const Scalar& scalar) {
    std::optional<TagValue> value = TagValueOf(scalar);
    if (!value) return nullptr;
    const uint64_t bytes = BytesOf(*value) + kBytesOfHistogram;
    const auto [count, is_new] = counts_.try_emplace(*std::move(value));
    if (is_new) new_bytes_ += bytes;
    return &count->second;
  }
  base::Status ChargeGrowth() {
    return new_bytes_ == 0 ? base::Status()
                           : ChargeTagValues(memory_, std::exchange(new_bytes_, 0));
  }

  std::vector<ValueTraces> Take(const Tag& tag) const {
    std::vector<ValueTraces> all;
    for (const auto& [value, count] : counts_) {
      if (count.traces == 0 || IsAbsent(tag, value)) continue;
      // A bucket reaches further than what is in it.
      const double longest = static_cast<double>(count.longest_ns) / kSecond;
      all.push_back({value, count.traces, std::min(count.durations.Quantile(kQuantile), longest)});
    }
    return all;
  }

 private:
  static constexpr double kQuantile = 0.95, kSecond = 1e9;
  static constexpr uint64_t kBytesOfHistogram = 256;

  MemoryBudget* const memory_;
  std::map<TagValue, Count> counts_;
  std::unordered_map<ShallowValue, Count*, ShallowValue::Hasher> known_;  // of the source
  uint64_t source_ = std::numeric_limits<uint64_t>::max();
  uint64_t trace_ = 0;
  int64_t duration_ns_ = 0;  // of the trace, as is the bucket
  std::optional<Log2Bucket> bucket_;
  uint64_t new_bytes_ = 0;  // not charged yet
};

}  // namespace clew::query
